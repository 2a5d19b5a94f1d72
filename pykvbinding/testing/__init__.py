"""What a test suite plugs in: `plugin` for pytest, `strategies` and `machine` for Hypothesis."""
