"""How gunicorn serves the site behind nginx: a Unix socket, which nobody else can get at."""

from __future__ import annotations

bind = "unix:/run/example/gunicorn.sock"
workers = 3
# A sign-in waits for Auth0 now and then: other threads go on meanwhile.
worker_class = "gthread"
threads = 8
# Longer than a step's calls to Auth0 can take together, by the default of TIMEOUT.
timeout = 60
graceful_timeout = 60
