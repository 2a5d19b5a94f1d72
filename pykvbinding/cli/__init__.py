"""The commands of `python -m pykvbinding`."""
