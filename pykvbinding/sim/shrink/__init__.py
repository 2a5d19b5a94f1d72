"""Reduction of a failing run to the simplest run that fails in the same way."""
