"""Folders of pages -> tables and reports, only what is stale; checks; reproduction."""
