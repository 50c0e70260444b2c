"""The pages of the desk, a file per room."""
