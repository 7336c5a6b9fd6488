"""What a published report cites -> whether the pages say so."""
