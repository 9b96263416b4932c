"""What `mutate.py` takes away, and how it finds it in the text."""
