"""The command `dev`: a local server for a Worker."""
