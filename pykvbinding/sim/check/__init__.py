"""Consistency guarantees, checked on the trace of a run or on a recorded history."""
