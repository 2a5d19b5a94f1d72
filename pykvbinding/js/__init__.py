"""JavaScript values in Python, as a Python Worker exchanges them with the platform."""
