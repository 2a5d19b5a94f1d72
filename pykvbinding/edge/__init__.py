"""The edge network model: the reads that each location allows, and the reads that it performs."""
