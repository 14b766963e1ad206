"""The inbox: a mailbox and a phone, and people to try."""

from __future__ import annotations
