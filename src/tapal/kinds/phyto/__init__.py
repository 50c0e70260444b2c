"""Plant quarantine."""
