"""Sentences and mentions -> who says what."""
