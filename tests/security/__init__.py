"""Attacks, each shown to fail."""
