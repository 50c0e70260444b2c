"""Measurements: each prints its bars and what was reached."""
