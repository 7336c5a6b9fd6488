"""Tables -> what reports say: views, charts, agreement, concordance."""
