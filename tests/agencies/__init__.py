"""Tests of who there is, by what authority and with what means."""
