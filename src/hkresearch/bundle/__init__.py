"""A publication as one zip with its proof."""
