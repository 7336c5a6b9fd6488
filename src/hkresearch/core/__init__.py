"""What every room uses: the two types, files, cache, words, text that is safe to show."""
