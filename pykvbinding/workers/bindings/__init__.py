"""Worker bindings other than KV: Durable Objects, queues, events."""
