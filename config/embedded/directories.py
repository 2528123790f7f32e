"""Whose directories the servers use, and who may enter them."""

import os
import pwd
import stat
from pathlib import Path

from config.embedded.layout import EmbeddedError

# For root only, when a clone lies where no other user may go (in /root, say).
SYSTEM_HOME = Path("/var/lib/liftwell")


def account() -> pwd.struct_passwd | None:
    """Who runs PostgreSQL: it refuses to be root, so root runs it as `nobody`; None means ourselves."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "root runs PostgreSQL as the user nobody, and there is none: run as another user."
        ) from None


def private(path: Path, owner: pwd.struct_passwd | None = None) -> Path:
    """Make `path` a directory that `owner` (or we) alone may enter; refuses one that somebody else has put there."""
    uid = owner.pw_uid if owner else os.getuid()
    if not os.path.lexists(path):
        path.mkdir(mode=0o700, parents=True)
        os.chown(path, uid, -1)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise EmbeddedError(f"{path} belongs to somebody else: remove it, or choose another LIFTWELL_DATA.")
    path.chmod(0o700)
    return path


def is_open_to_all(path: Path) -> bool:
    """Every user may reach `path`: it and each directory above it can be entered by others."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))
