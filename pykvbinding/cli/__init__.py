"""Commands of `python -m pykvbinding`; each hands over to the package that does the work."""
