"""Passages and people -> their answers in files, blind samples, and answers compared."""
