"""What runs behind the wall: one marker a kind of task, comparison, recognition of mistakes, the score."""
