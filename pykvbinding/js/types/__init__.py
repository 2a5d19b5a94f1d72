"""JavaScript's built-in object types, and conversion between Python and JavaScript."""
