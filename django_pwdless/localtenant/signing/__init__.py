"""Signing keys, and tokens before they are signed."""
