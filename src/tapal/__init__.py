"""Tapal: one shared picture of a border, from every agency's statements about it."""
