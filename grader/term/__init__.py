"""What stands around grading in a term.

- `roster`: who takes the course, and what each LMS calls them.
"""
