"""The site for an ASGI server, on the database that whoever started the server has made."""

from __future__ import annotations

from django.core.asgi import get_asgi_application
from django.db import connection

application = get_asgi_application()
connection.settings_dict["NAME"] = connection.settings_dict["TEST"]["NAME"]
