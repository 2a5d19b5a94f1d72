"""The command line: click commands that call the packages which do the work."""
