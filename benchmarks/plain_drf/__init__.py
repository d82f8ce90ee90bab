"""A textbook Django REST framework API over the project's own tables, to compare with."""
