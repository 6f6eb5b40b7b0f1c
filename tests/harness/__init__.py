"""Machinery shared by the reliability tests, `tests.crash` and `tests.soak`."""
