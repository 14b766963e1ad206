"""What a signed-in person does with their account, and how a sign-in of theirs ends."""

from __future__ import annotations
