"""Layers between a binding and its records; each wraps a `Store` and is itself a `Store`."""
