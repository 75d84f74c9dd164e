"""Worlds: agencies, people, cases and releases from one file, made through the services."""

from cases.world.entries import BrokenWorld
from cases.world.loading import load_world

__all__ = ["BrokenWorld", "load_world"]
