"""Whose a folder is: code that is loaded from it runs with the user's rights, so it must be nobody else's."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

UNMAPPED_USER = 65534
"""Owner, inside a container, of what belongs to users that the container does not know, such as its host's root."""
OTHERS_WRITE = stat.S_IWOTH
GROUP_WRITES = stat.S_IWGRP


def why_not_private(folder: Path) -> str:
    """Return why others could put something into a folder that exists; empty if they cannot.

    The folder must be the user's own and writable by nobody else. None of the folders above may let others put another
    in its place: they belong to the user or the system, and others cannot write to them, or cannot rename there what is
    not theirs (as in ``/tmp``). On Windows, where home folders are private, nothing is asked.

    Raises
    ------
    OSError
        If the folder cannot be looked at.
    """
    if not hasattr(os, "getuid"):
        return ""
    folder = folder.resolve()
    own = folder.stat()
    if own.st_uid != os.getuid():
        return f"{folder} belongs to another user"
    if _others_write(own):
        return f"others can write to {folder}"
    for above in folder.parents:
        info = above.stat()
        if info.st_uid not in (0, os.getuid(), UNMAPPED_USER):
            return f"{above} belongs to another user"
        if _others_write(info) and not info.st_mode & stat.S_ISVTX:
            return f"others can write to {above}"
    return ""


def is_own_file(info: os.stat_result) -> bool:
    """Return whether a file is the user's own, and written by nobody else."""
    return not hasattr(os, "getuid") or (info.st_uid == os.getuid() and not _others_write(info))


def _others_write(info: os.stat_result) -> bool:
    if info.st_mode & OTHERS_WRITE:
        return True
    return bool(info.st_mode & GROUP_WRITES) and not _is_group_of_one(info.st_gid)


def _is_group_of_one(number: int) -> bool:
    """Whether a group is the one that many systems give each user, of the same name and with no other member."""
    import grp
    import pwd

    try:
        user, group = pwd.getpwuid(os.getuid()), grp.getgrgid(number)
    except KeyError:
        return False
    return user.pw_gid == number and group.gr_name == user.pw_name and set(group.gr_mem) <= {user.pw_name}


def why_not_usable(folder: Path) -> str:
    """Make a folder, for this user alone where it is new; return why nothing can be kept there, empty if it can."""
    try:
        for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
        reason = why_not_private(folder)
        if not reason:
            with tempfile.TemporaryFile(dir=folder):
                pass
        return reason
    except OSError as error:
        return f"{folder}: {error.strerror or error}"
