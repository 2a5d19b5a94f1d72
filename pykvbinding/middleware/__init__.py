"""One `Store`-to-`Store` layer a module: history, metrics, quotas, rate limit, faults, versions."""
