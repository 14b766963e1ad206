"""A local stand-in for an Auth0 tenant, over real HTTP on loopback.

    with LocalTenant() as tenant:
        settings.PWDLESS = tenant.settings
        ...
        code = tenant.inbox.latest("ann@example.com").code

It follows Auth0's published documents and SDKs; it sends nothing and reaches nothing. Importing it
without its extra raises ImportError, which says what to install.
"""

from __future__ import annotations

try:
    from .people.people import Person
    from .records.inbox import Message
    from .records.recorded_requests import RecordedRequest
    from .tenant import LocalTenant
except ModuleNotFoundError as problem:
    if problem.name not in {"markupsafe", "trustme", "werkzeug"}:
        raise
    # The name makes "python -m" print the text alone, without a traceback.
    raise ImportError(
        f"The local tenant needs {problem.name}: "
        'python -m pip install "django-pwdless[localtenant]"',
        name=__name__,
    ) from None

__all__ = ["LocalTenant", "Message", "Person", "RecordedRequest"]
