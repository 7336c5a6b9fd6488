"""What annotations may mean: topics as data, their patterns and the words of the news."""
