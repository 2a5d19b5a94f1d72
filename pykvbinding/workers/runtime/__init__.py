"""Loads a Python Worker and runs its handlers."""
