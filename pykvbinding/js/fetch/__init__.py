"""The Fetch standard: requests, responses, headers, bodies, forms and `fetch`."""
