"""A certificate authority of the tenant's own, for TLS on loopback."""

from __future__ import annotations

import datetime
import os
import ssl
import tempfile

import trustme

NAMES = ("localhost", "127.0.0.1", "::1")
LIFE = datetime.timedelta(days=30)


class Authority:
    """Makes one server certificate; ``ca_file`` is the path of the PEM to trust."""

    def __init__(self) -> None:
        self._authority = trustme.CA(organization_name="local tenant")
        self._folder = tempfile.TemporaryDirectory(prefix="pwdless-tenant-")
        self.ca_file: str = os.path.join(self._folder.name, "ca.pem")
        self._authority.cert_pem.write_to_path(self.ca_file)

    def context(self) -> ssl.SSLContext:
        """Return the server's side of TLS."""
        now = datetime.datetime.now(datetime.timezone.utc)
        certificate = self._authority.issue_cert(
            *NAMES, not_before=now - LIFE, not_after=now + LIFE
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context

    def close(self) -> None:
        """Remove the files."""
        self._folder.cleanup()
