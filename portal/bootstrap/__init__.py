"""Sets up ``.venv`` and the front-end packages on a machine that has nothing but Python.

Of the standard library alone: nothing else can be imported yet.  It must parse on old Pythons, to
say that they are too old.
"""
