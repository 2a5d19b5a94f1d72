"""`EdgeNetwork`: locations with caches in front of one set of central stores."""
