"""Starts the page: offline, on this machine alone unless told otherwise, and gone with Ctrl-C."""

from __future__ import annotations

import errno
import importlib.util
import os
import secrets
import socket
import threading
import time
import warnings
import webbrowser
from collections.abc import Callable
from typing import Any

from sim.core.errors import ProtestorateError
from sim.core.share import to_install
from sim.page.gate import LARGEST_MESSAGE, Gate, is_local
from sim.page.options import Options, configure

PAGE = "sim.page.page:Page"
NEEDED = ("solara", "solara_assets", "ipyvuetify", "uvicorn", "PIL")
INSTALL = "the page needs packages that are not installed ({}): {}"
SETTINGS = {
    "SOLARA_APP": PAGE,
    # A closed tab says goodbye and is gone at once. One that vanished without a word is given this long.
    "SOLARA_KERNEL_CULL_TIMEOUT": "15s",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    # All assets are installed. One that is missing is asked for here, where nobody answers, and not far away.
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "protestorate",
    "SOLARA_MODE": "production",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_STORAGE_MUTATION_DETECTION": "False",  # it would copy and compare whole runs
}
PORTS_TO_TRY = 50
GRACE_SECONDS = 2
TOKEN_BYTES = 16


def check_installed() -> None:
    """Raise ProtestorateError, with the command that helps, if the extra ``view`` is not installed."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise ProtestorateError(INSTALL.format(", ".join(missing), to_install("view")))


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to the address.

    Raises
    ------
    ProtestorateError
        If the port is taken (another is suggested), not allowed, or the host is unknown.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return _bound(family, host, port)
    except socket.gaierror as error:
        raise ProtestorateError(f"--host {host}: there is no such host") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            free = _free_port(family, host, port)
            raise ProtestorateError(f"port {port} is taken; another is free: --port {free}") from error
        if error.errno == errno.EACCES:
            raise ProtestorateError(f"port {port} may not be used by ordinary users; choose one above 1024") from error
        raise ProtestorateError(f"--host {host}: {error.strerror or error}") from error


def _bound(family: int, host: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _free_port(family: int, host: str, taken: int) -> int:
    for port in range(taken + 1, min(taken + 1 + PORTS_TO_TRY, 65536)):
        try:
            _bound(family, host, port).close()
        except OSError:
            continue
        return port
    listener = _bound(family, host, 0)
    with listener:
        return int(listener.getsockname()[1])


def serve(
    options: Options,
    host: str = "127.0.0.1",
    port: int = 8521,
    open_browser: bool = True,
    announce: Callable[[str], None] = lambda line: None,
) -> None:
    """Serve the page until the process is interrupted.

    Parameters
    ----------
    options : Options
        What the tabs open with.
    host, port : str, int
        Where to listen; port 0 stands for any that is free.
    open_browser : bool
        Whether to open the page in the user's browser.
    announce : callable (str) -> None
        Told where the page is, and warned where others can reach it.

    Raises
    ------
    ProtestorateError
        If a package is missing or the address cannot be used.
    """
    check_installed()
    configure(options)
    os.environ.update(SETTINGS)
    listener = listen(host, port)
    with listener:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        url = f"{_url(host, listener.getsockname()[1])}/?token={token}"
        if not is_local(host):
            announce(
                f"warning: with --host {host} everybody who can reach this machine and knows the address below can run "
                f"models on it and write results to {options.export_folder}; the way there is not encrypted"
            )
        announce(f"the page is at {url}  (stop it with Ctrl-C)")
        # Solara would like its cookie to work inside other sites' frames. This page is not for that.
        warnings.filterwarnings("ignore", message="Cookies with samesite=none")
        import uvicorn
        from solara.server.starlette import app

        server = uvicorn.Server(
            uvicorn.Config(
                Gate(app, host, token),
                log_level="error",
                timeout_graceful_shutdown=GRACE_SECONDS,
                ws_max_size=LARGEST_MESSAGE,
            )
        )
        if open_browser:
            threading.Thread(target=_open_when_started, args=(server, url), daemon=True).start()
        server.run(sockets=[listener])


def _url(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _open_when_started(server: Any, url: str) -> None:
    while not server.started and not server.should_exit:
        time.sleep(0.05)
    if server.started:
        webbrowser.open(url)
