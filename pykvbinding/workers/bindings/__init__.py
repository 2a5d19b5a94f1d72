"""The bindings of a Worker other than KV: Durable Objects, queues, events."""
