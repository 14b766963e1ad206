"""Redis for several test processes at once."""

from __future__ import annotations

from django.core.cache.backends.redis import RedisCache


class SharedRedisCache(RedisCache):
    """A cache whose ``clear`` leaves alone what has no ``KEY_PREFIX`` that begins as this one."""

    def clear(self) -> None:
        client = self._cache.get_client(write=True)
        if keys := list(client.scan_iter(match=f"{self.key_prefix}*", count=1000)):
            client.delete(*keys)
