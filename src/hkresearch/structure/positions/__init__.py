"""Sentences and mentions -> which organisation does what, since when, on what condition."""
