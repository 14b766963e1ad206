"""The pages of a signed-in person: sign-in methods, second factors, sign-ins, signing out."""

from __future__ import annotations
