"""Closed by default: a query for records that names neither its reader nor its reason is never run.

Everything that Django does with a query ends in ``Query.get_compiler``, so that is where an
unopened one is refused: lists, ``get``, counts, ``exists``, aggregates, subqueries, unions and
prefetches alike. Rows that arrive by another road (``select_related`` from elsewhere, ``raw``) are
refused in ``from_db``.
"""
