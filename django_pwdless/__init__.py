"""Embedded passwordless login through Auth0 for Django."""

__version__ = "0.1.0"
