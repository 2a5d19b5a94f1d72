"""One run of handlers under a schedule: event loop, isolation, schedulers, the trace."""
