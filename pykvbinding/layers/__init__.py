"""What stands between a binding and its data: one Store-to-Store decorator a file."""
