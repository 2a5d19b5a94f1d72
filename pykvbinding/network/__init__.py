"""Locations with caches in front of central stores: `Network`, and `EdgeNetwork` to simulate it."""
