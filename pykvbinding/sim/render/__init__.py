"""Timelines of a run, as text, SVG and HTML."""
