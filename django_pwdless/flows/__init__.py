"""The steps of a login as plain functions: ``request`` first, the rest by keyword.

Each returns what the view has to show next, or raises a member of the ``PwdlessError`` family.
"""

from __future__ import annotations
