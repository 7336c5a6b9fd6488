"""hkresearch"""
