"""What a person types -> calls of the rooms below, and what they answer on a terminal."""
