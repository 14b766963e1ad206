"""A certificate authority of the tests' own, and a server certificate for ``localhost``."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme


class Authority:
    """``certificate`` is the path of the bundle to trust; ``context`` serves as ``localhost``."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.certificate = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.certificate)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self.context)
