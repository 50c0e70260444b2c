"""Packs of lists: what a post without network screens with, sealed for it, and until when."""
