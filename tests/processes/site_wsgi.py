"""The site's application; where it is preloaded, its parent process uses the client as well."""

from __future__ import annotations

import os
import threading

from django.core.wsgi import get_wsgi_application

from django_pwdless.provider import get_client

application = get_wsgi_application()

if "SITE_PARENT_SENDS_TO" in os.environ:
    # Workers are forked while one thread waits for keys, and another has left a connection open.
    to = os.environ["SITE_PARENT_SENDS_TO"]
    threading.Thread(target=get_client().prepare_keys, daemon=True).start()
    threading.Timer(1, get_client().passwordless.start, ["email", to]).start()
