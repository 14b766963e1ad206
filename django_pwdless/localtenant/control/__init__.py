"""Control over HTTP, for other processes and for the switches page: JSON under ``/_tenant/``."""

from __future__ import annotations

from django_pwdless.localtenant.endpoint_call import View

from . import changes, clients, devices, faults, people, reports
from .guard import guarded

VIEWS: dict[str, View] = {
    place: guarded(view)
    for place, view in {
        **reports.VIEWS,
        **faults.VIEWS,
        **changes.VIEWS,
        **people.VIEWS,
        **clients.VIEWS,
        **devices.VIEWS,
    }.items()
}
