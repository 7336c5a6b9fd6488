"""Sentences and mentions -> figures with what they measure."""
