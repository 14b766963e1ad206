"""What a lock of ours is to other threads, and to a child that is forked while it is held."""

from __future__ import annotations

import os
import threading

import pytest

from django_pwdless.auth0.process_lock import ProcessLock


def is_free(lock: ProcessLock, within: float | None = 0) -> bool:
    with lock.held(within=within) as is_held:
        return is_held


def test_only_one_holds_it() -> None:
    lock = ProcessLock()
    with lock.held() as is_held:
        assert is_held
        assert not is_free(lock)
    assert is_free(lock)


def test_it_is_free_again_after_an_error() -> None:
    lock = ProcessLock()
    with pytest.raises(ZeroDivisionError), lock.held():
        raise ZeroDivisionError
    assert is_free(lock)


def test_others_wait_for_it() -> None:
    lock, found = ProcessLock(), []
    waiting = threading.Thread(target=lambda: found.append(is_free(lock, within=None)))
    with lock.held():
        waiting.start()
        assert not found
    waiting.join(30)
    assert found == [True]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
def test_forked_child_does_not_wait_for_a_thread_of_its_parent() -> None:
    lock = ProcessLock()
    with lock.held():
        child = os.fork()
        if not child:
            os._exit(0 if is_free(lock) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert not is_free(lock)
