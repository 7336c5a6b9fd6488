"""Passages and people -> their answers on the disk at once, samples drawn blind, and two people's
answers compared.
"""
