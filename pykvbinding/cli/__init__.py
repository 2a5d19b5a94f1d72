"""The command line: click commands that call other packages."""
