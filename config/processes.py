"""Child processes that cannot outlive the process that started them (Linux)."""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from signal import Signals

PR_SET_PDEATHSIG = 1
# Loaded once, here: loading a library between fork and exec can deadlock.
_prctl: Callable[..., int] | None = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)


def die_with_parent(last_signal: Signals, parent: int) -> None:
    """Ask the kernel for `last_signal` when `parent` dies; call it in the child, after any change of user."""
    if _prctl is None or _prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "this system cannot tie a process to its parent")
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), last_signal)


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    last_signal: Signals,
    account: pwd.struct_passwd | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path = Path("/"),
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, its output appended to `log`, as `account` when one is given."""
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - the command is always ours
            command,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, last_signal, os.getpid()),  # noqa: PLW1509 - one thread, see above
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )


def stop(process: subprocess.Popen[bytes], request: Signals, *, patience_seconds: float) -> None:
    """Ask the process to end, wait, and then end whatever is left of its session's group."""
    ask(process, request)
    wait_or_kill(process, patience_seconds=patience_seconds)


def ask(process: subprocess.Popen[bytes], request: Signals) -> None:
    if process.poll() is None:
        process.send_signal(request)


def wait_or_kill(process: subprocess.Popen[bytes], *, patience_seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience_seconds)
    end_group(process)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what the process leaves behind in its group, and itself if it still lives."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a log file, for a message about the process that wrote it."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
