#!/bin/sh
# Each new version of the site, as its user and in its environment, before gunicorn is reloaded.
set -eu
cd /srv/example/example_project
/srv/example/venv/bin/python manage.py check --deploy --fail-level WARNING
/srv/example/venv/bin/python manage.py migrate --noinput
/srv/example/venv/bin/python manage.py collectstatic --noinput
