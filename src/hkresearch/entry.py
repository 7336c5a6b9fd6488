"""The installed command `hkresearch` -> the command line."""

from hkresearch.__main__ import main as main
