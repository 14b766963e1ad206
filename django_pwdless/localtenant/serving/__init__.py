"""Sockets, TLS, and from a request to its reply."""
