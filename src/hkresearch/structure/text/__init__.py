"""An article's body -> sentences, quotation marks, dates, and what is mentioned in them."""
