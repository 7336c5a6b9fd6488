"""The tables: their container, their schema, their files."""
