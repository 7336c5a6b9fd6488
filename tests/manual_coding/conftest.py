"""Fixtures of coding by hand: the shipped codebook, and the four invented pages coded with it."""

import pytest

import hkresearch as hk


@pytest.fixture(scope="package")
def book():
    return hk.read_codebook()


@pytest.fixture(scope="package")
def tables(small_articles, book):
    """The tables of four invented pages: only to be read."""
    return hk.build_tables(small_articles, book)
