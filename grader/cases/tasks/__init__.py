"""What an author writes: kinds of tasks, mistakes, draws, cases as data; and whether a task can be marked."""
