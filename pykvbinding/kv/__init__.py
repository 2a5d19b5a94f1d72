"""`KVNamespace`: options, validation, encoding, the call to the store, and results."""
