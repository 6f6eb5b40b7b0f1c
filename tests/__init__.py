"""Tests, mirroring the folders of the application."""
