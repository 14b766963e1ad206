"""What ``/oauth/token`` takes, a grant a file."""

from __future__ import annotations
