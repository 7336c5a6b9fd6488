"""Bytes as received -> Article: the register, decoding, HTML to text, web archives."""
