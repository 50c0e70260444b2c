"""Tapal: one shared picture of the border, from every agency's statements about it."""

__version__ = "0.1.0"
