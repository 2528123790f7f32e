"""What the cache keeps is written as JSON: reading it can run nothing, whoever wrote it."""

import json
from typing import Any


class JsonSerializer:
    """For Redis: whole numbers stay as they are, so that they can be counted up there."""

    def dumps(self, value: Any) -> int | bytes:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, kept: bytes) -> Any:
        return json.loads(kept)
