"""The global object `js`, and the functions and namespaces that it holds."""
