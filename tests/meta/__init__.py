"""Tests of the code base itself: its public surface, its layers and its style."""
