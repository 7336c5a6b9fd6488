"""Sentences and mentions -> what a page says of seats, owners and the law."""
