"""Who may open the page, and what may be sent to it: everything else ends here, before Solara sees a byte of it.

Four questions are asked of each request, and a fifth of each message of a websocket.

1. Is the ``Host`` a name of this machine? A stranger's name can be made to point here.
2. Is the ``Origin``, where there is one, the page itself? Browsers let any page open a websocket to any address.
3. Does it show the token? The address that the command prints holds it, and a cookie keeps it.
4. Does the page need what is asked for? Solara's pages on the machine and its threads are nobody's business.
5. Is the message a text with one of the few things that the page says? Solara would take a binary one apart before
   it looks at it, and six bytes can make that cost all memory.
"""

from __future__ import annotations

import ipaddress
import json
import secrets
import socket
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

NEEDED_PATHS = ("/static/", "/jupyter/nbextensions/")
ASSETS = "/_solara/cdn/"
ASSET_ENDINGS = (".js", ".css", ".woff", ".woff2", ".ttf", ".map", ".json")
"""Of files alone: Solara deletes a folder of its assets that is asked for as if it were one."""
SOCKET_PATH = "/jupyter/api/kernels/"
SAID = {
    "kernel_info_request": (),
    "comm_info_request": (),
    "comm_open": ("comm_id", "target_name"),
    "comm_msg": ("comm_id",),
    "comm_close": ("comm_id",),
}
"""What the page says, and the texts that its content must hold."""
METHODS = {
    "run": ("args",),
    "app-status": (),
    "update": ("state",),
    "custom": ("content",),
    "request_state": (),
    "request_states": (),
}
"""What a message to a widget or to the page may ask for, and the objects that it must hold."""
TARGETS = {"solara.control": None, "jupyter.widget.control": "1"}
"""What a browser opens a line to, and the begin of the protocol's version that it must name."""
CLOSE = "/_solara/api/close/"
LONGEST_ID = 200
LARGEST_MESSAGE = 2**20
"""Bytes; the page's own are a thousandth of it."""
UNSUPPORTED, POLICY = 1003, 1008
"""Codes with which a websocket is closed."""
STRANGE_HOST = "This page does not answer to this name: use the address that the command printed, or --host NAME."
STRANGE_ORIGIN = "This page answers only to itself."
NO_TOKEN = "This page opens with the whole address that the command printed, the token included."
NOT_HERE = "There is nothing here."


def is_local(host: str) -> bool:
    """Return whether a host can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def own_names(host: str) -> frozenset[str]:
    """Return the names, beside addresses, by which a page that listens at `host` may be called."""
    if is_local(host):
        return frozenset({"localhost"})
    own = {name.lower() for name in (socket.gethostname(), socket.getfqdn()) if name}
    return frozenset({"localhost", host.lower(), *own, *(f"{name}.local" for name in own if "." not in name)})


class Gate:
    """The page behind its questions, as an ASGI application.

    Parameters
    ----------
    app : ASGI application
        The page.
    host : str
        Where it listens.
    token : str
        What has to be shown.
    """

    def __init__(self, app: Any, host: str, token: str) -> None:
        self._app = app
        self._local = is_local(host)
        self._names = own_names(host)
        self._token = token

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers, send = dict(scope["headers"]), _while_open(receive, send)
        refused = self._refusal(scope, headers)
        if scope["type"] == "websocket":
            if refused:
                await receive()
                await send({"type": "websocket.close", "code": POLICY})
            else:
                await self._app(scope, *_only_orders(receive, send))
        elif refused:
            await _answer(send, 404 if refused == NOT_HERE else 403, refused)
        elif self._shown_in_address(scope):
            await _answer(send, 303, "", location="/", set_cookie=f"{_cookie(scope)}={self._token}{COOKIE_RULES}")
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Any, headers: Mapping[bytes, bytes]) -> str:
        """Return why a request is refused; empty if it is not."""
        host, origin = (headers.get(name, b"").decode("latin-1") for name in (b"host", b"origin"))
        if not self._is_own_name(_name(f"//{host}")):
            return STRANGE_HOST
        if origin and _place(origin) != host:
            return STRANGE_ORIGIN
        if not (self._shown_in_address(scope) or self._shown_in_cookie(scope, headers)):
            return NO_TOKEN
        return "" if _is_needed(scope) else NOT_HERE

    def _is_own_name(self, name: str) -> bool:
        """Whether a ``Host`` is of this machine: an address, which nobody can make point elsewhere, or an own name."""
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return name in self._names
        return address.is_loopback if self._local else True

    def _shown_in_address(self, scope: Any) -> bool:
        if scope["type"] != "http" or scope["path"] != "/":
            return False
        try:
            given = parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=20).get("token", [""])
        except ValueError:
            return False
        return self._is_token(given[0])

    def _shown_in_cookie(self, scope: Any, headers: Mapping[bytes, bytes]) -> bool:
        name = _cookie(scope)
        kept = (part.strip().partition("=") for part in headers.get(b"cookie", b"").decode("latin-1").split(";"))
        return any(key == name and self._is_token(value) for key, _, value in kept)

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self._token.encode())


COOKIE_RULES = "; Path=/; HttpOnly; SameSite=Lax"


def _cookie(scope: Any) -> str:
    """Name of the cookie. Cookies are shared by all ports of a machine, and another page may be served at another."""
    server = scope.get("server")
    return f"protestorate-{server[1] if server else 0}"


def _is_needed(scope: Any) -> bool:
    path: str = scope["path"]
    if scope["type"] == "websocket":
        return path.startswith(SOCKET_PATH)
    if path.startswith(CLOSE):
        return b"session_id=" in scope.get("query_string", b"")
    return path == "/" or path.startswith(NEEDED_PATHS) or (path.startswith(ASSETS) and path.endswith(ASSET_ENDINGS))


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _place(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


async def _answer(send: Any, status: int, text: str, **headers: str) -> None:
    told = {"content-type": "text/plain", "cache-control": "no-store", "referrer-policy": "no-referrer", **headers}
    lines = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": text.encode()})


def _while_open(receive: Any, send: Any) -> Any:
    """Return `send` for a line that a broken request may have ended: what is said to nobody is no error of the page."""
    from h11 import LocalProtocolError

    async def sent(message: Any) -> None:
        try:
            await send(message)
        except LocalProtocolError:
            while (await receive())["type"] == "http.request":
                pass

    return sent


def _only_orders(receive: Any, send: Any) -> tuple[Any, Any]:
    """Return receive and send of a websocket that is closed on the first message the page would not send."""
    closed = False

    async def received() -> Any:
        nonlocal closed
        message = await receive()
        if message["type"] != "websocket.receive" or is_order(message):
            return message
        closed = True
        await send({"type": "websocket.close", "code": UNSUPPORTED})
        return {"type": "websocket.disconnect", "code": UNSUPPORTED}

    async def sent(message: Any) -> None:
        if not closed:
            await send(message)

    return received, sent


def is_order(message: Mapping[str, Any]) -> bool:
    """Return whether a message of a websocket is one that the page could have sent."""
    text = message.get("text")
    if not isinstance(text, str) or message.get("bytes") is not None:
        return False
    try:
        said = json.loads(text, parse_constant=_refuse)
        text.encode()
        if "\\ud" in text.lower():  # half a letter, which can be spelt in JSON and sent nowhere
            json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and _is_whole(said)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _is_whole(said: Mapping[str, Any]) -> bool:
    header, content = said.get("header"), said.get("content")
    if not (isinstance(header, dict) and isinstance(content, dict) and isinstance(said.get("channel"), str)):
        return False
    if said.get("buffers") != [] or not _objects(said, ("parent_header", "metadata")):
        return False
    kind = header.get("msg_type")
    if not isinstance(kind, str) or kind not in SAID or not isinstance(header.get("msg_id"), str):
        return False
    if not all(_is_id(content.get(name)) for name in SAID[kind]):
        return False
    if kind == "comm_open":
        return _is_opened(content["target_name"], said["metadata"])
    return kind != "comm_msg" or _is_asked_of_a_widget(content.get("data"))


def _is_id(given: object) -> bool:
    return isinstance(given, str) and len(given) <= LONGEST_ID and given.isascii() and given.isprintable()


def _is_opened(target: str, metadata: Mapping[str, Any]) -> bool:
    if target not in TARGETS:
        return False
    version, given = TARGETS[target], metadata.get("version")
    return version is None or (isinstance(given, str) and given.partition(".")[0] == version)


def _is_begun(asked: Mapping[str, Any]) -> bool:
    """Whether the page may be begun so: its own application, at a path, in the colours of the browser."""
    path, themes = asked.get("path", ""), asked.get("themes")
    if not isinstance(path, str) or not (themes is None or isinstance(themes, dict)):
        return False
    return asked.get("appName") in (None, "", "__default__") and asked.get("dark") in (None, True, False)


def _is_asked_of_a_widget(data: object) -> bool:
    if not isinstance(data, dict):
        return False
    method = data.get("method")
    if not isinstance(method, str) or method not in METHODS or not _objects(data, METHODS[method]):
        return False
    return method != "run" or _is_begun(data["args"])


def _objects(whole: Mapping[str, Any], names: Sequence[str]) -> bool:
    return all(isinstance(whole.get(name), dict) for name in names)
