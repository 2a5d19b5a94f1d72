"""Primitive conversions, `JsProxy`, `JsDict`, promises, JSON, and error messages."""
