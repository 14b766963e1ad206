"""What a session remembers between the steps of a sign-in, how it is sealed and read back."""

from __future__ import annotations
