"""Wrangler configuration files, validated with wrangler's own diagnostics."""
