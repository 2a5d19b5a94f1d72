"""What a location of the network may return, and what it does return."""
