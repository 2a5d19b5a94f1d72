"""Benchmarks of time and memory, each as a ratio to a floor: `python -m benchmarks`."""
