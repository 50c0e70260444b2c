"""A day at the border: a seeded generator that writes message files with planted problems."""
