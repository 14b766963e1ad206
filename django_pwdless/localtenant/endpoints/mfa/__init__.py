"""The MFA API: list second factors, challenge one, set one up."""

from __future__ import annotations
