"""Bytes to segments and back, without a word of any domain."""
