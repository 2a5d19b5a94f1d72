"""`workers.workflows`: the error that ends a Workflow for good."""


class NonRetryableError(Exception):
    """Raised in a step of a Workflow that is not to be tried again."""
