"""The tasks of each exercise set, one module a set; `TASKS` holds them in the order of the notebook."""
