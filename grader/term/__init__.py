"""What stands around grading in a term: before it the roster and collecting, after it exports, returned pages, reasons.

Marks come from the gradebook, through the rows that the class report has, so nothing here can say otherwise. Who a
student is to an LMS comes from the roster, and where it says nothing from nbgrader's own table of students. Whoever
can't be told for certain is named and left out, never guessed.

- `roster`: who takes the course, and what each LMS calls them.
- `collect`: what an LMS gives out, sorted into a folder to grade. `archives`, `layouts`, `belonging`: what it is,
  who it is of, which set's; `shelf`: where it is put.
- `standing`: what an output folder holds. `people`: who its students are in the roster.
- `export`, `lms_tables`: marks as an LMS imports them.
- `hand_back`, `lms_pages`: feedback pages as an LMS takes them back.
- `explain`, `again`, `cases_aside`: why a mark is what it is, for the teacher.
- `placing`: files that are written again and never over a person's.
"""
