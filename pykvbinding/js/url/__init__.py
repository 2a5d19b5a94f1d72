"""The URL standard: `URL` and `URLSearchParams`."""
