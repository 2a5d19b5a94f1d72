"""How fast and how small the package is, each as a ratio to a floor: `python -m benchmarks`."""
