"""Processes of the road are killed and stopped; afterwards nothing is lost and nothing doubled."""
