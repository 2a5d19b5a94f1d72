"""`dev`: serves a Python Worker while it is written."""
