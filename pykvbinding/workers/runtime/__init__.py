"""Load a Python Worker and run its handlers."""
