"""Other homes for records."""
