"""Text for terminals: aligned tables, display width and glyphs, lines in colour."""
