"""Tests that drive Chromium against the real server, as respondents and the commissioner would."""
