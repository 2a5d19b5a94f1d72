"""HTTP servers: sockets, terminal output, and what they share."""
