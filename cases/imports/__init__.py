"""Incidents from other systems' files, row by row, as cases of an agency."""
