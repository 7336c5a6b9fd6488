"""How articles, annotations, tables and figures look in a notebook."""
