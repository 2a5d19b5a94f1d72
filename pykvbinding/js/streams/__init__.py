"""The Streams standard: readable, writable and transform streams."""
