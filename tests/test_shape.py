"""How large a room, a module and a function of the package may be, read from its source."""

from __future__ import annotations

from collections import Counter

from tests.sources import sources

FILES_IN_A_ROOM = 12
LINES_OF_A_MODULE = 250
LINES_OF_A_FUNCTION = 25


def test_rooms_can_be_taken_in_at_a_glance() -> None:
    rooms = Counter(path.parent for path in sources())
    assert not {str(room): size for room, size in rooms.items() if size > FILES_IN_A_ROOM}


def test_modules_are_short() -> None:
    lengths = {str(path): source.lines for path, source in sources().items()}
    assert not {path: length for path, length in lengths.items() if length > LINES_OF_A_MODULE}


def test_functions_are_short() -> None:
    found = {
        f"{path}:{name}": length
        for path, source in sources().items()
        for name, length in source.functions
        if length > LINES_OF_A_FUNCTION
    }
    assert not found
