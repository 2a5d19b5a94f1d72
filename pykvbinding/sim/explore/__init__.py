"""Choice of schedules: exhaustive search, sampling, and the Hypothesis strategy."""
