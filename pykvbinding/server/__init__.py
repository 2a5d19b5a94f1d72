"""HTTP servers: sockets, terminal output, and the development server."""
