"""The benches count what they claim to count."""
