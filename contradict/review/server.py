"""The page of findings, served to a browser on this machine, and what it asks: verdicts kept, undone, exported.

Every address begins with a token that is new at each start, so that no other page or program of this machine can ask
anything; the name in Host must be one of this machine's, so that no foreign name can be made to lead here; and what
changes something must come from the page itself (Origin), as JSON.
"""

import io
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from contradict.errors import InputError
from contradict.page import policy, render_findings
from contradict.records import Document, Finding
from contradict.review.exports import MEDIA_TYPES, NAMES, export
from contradict.review.store import ChangedError, Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

PORT = 8765
"""Where the page is served if nothing else is asked for: always the same place, so that a browser knows it again."""

MAX_BODY = 64_000
"""Bytes of a request's body."""


class Review:
    """One review of a report's findings in a browser."""

    def __init__(
        self,
        findings: Sequence[Finding],
        *,
        store: Store,
        documents: Iterable[Document] = (),
        summary: str = "",
        notes: Sequence[str] = (),
    ) -> None:
        """Prepare the page; nothing is served yet.

        Args:
            findings: What is reviewed, best first.
            store: Where verdicts are kept.
            documents: The whole documents, as far as they are at hand.
            summary: One line about the findings.
            notes: What the reviewer should know.
        """
        self.findings = {finding.id: finding for finding in findings}
        self.store = store
        self.token = secrets.token_urlsafe(24)
        page = render_findings(
            findings, documents=documents, summary=summary, notes=notes, serves=True
        )
        self._page = page.encode("utf-8")

    def application(self, *, hosts: frozenset[str] | None) -> "Starlette":
        """The web application.

        Args:
            hosts: What the header Host may say; None allows every address of numbers, but no name.
        """
        from starlette.applications import Starlette
        from starlette.routing import Route

        begin = f"/{self.token}"
        application = Starlette(
            routes=[
                Route(f"{begin}/", self._show),
                Route(f"{begin}/verdicts", self._list),
                Route(f"{begin}/verdicts", self._save, methods=["POST"]),
                Route(f"{begin}/undo", self._undo, methods=["POST"]),
                Route(f"{begin}/export/{{name}}", self._export),
            ],
            exception_handlers={InputError: _unusable},
        )
        application.add_middleware(_Guard, hosts=hosts)
        return application

    async def _show(self, request: "Request") -> "Response":
        from starlette.responses import Response

        return Response(self._page, media_type="text/html")

    def _list(self, request: "Request") -> "Response":
        from starlette.responses import JSONResponse

        events = [each for each in self.store.events() if each.finding in self.findings]
        return JSONResponse([each.to_dict() for each in events])

    async def _save(self, request: "Request") -> "Response":
        change = await _body(request)
        return await _outcome(
            lambda: self.store.save(
                self._finding(change),
                _text(change, "verdict"),
                kind=_text(change, "kind"),
                note=_text(change, "note"),
                seen=_number(change, "seen"),
                request=_text(change, "request"),
            )
        )

    async def _undo(self, request: "Request") -> "Response":
        change = await _body(request)
        return await _outcome(
            lambda: self.store.undo(_number(change, "event"), finding=self._finding(change).id)
        )

    def _finding(self, change: Mapping[str, Any]) -> Finding:
        finding = self.findings.get(_text(change, "finding"))
        if finding is None:
            raise _refusal(400, "there is no such finding in this report")
        return finding

    def _export(self, request: "Request") -> "Response":
        from starlette.responses import Response

        name = request.path_params["name"]
        if name not in NAMES:
            raise _refusal(404, f"exports are {', '.join(NAMES)}")
        form = name.rpartition(".")[2]
        stream = io.StringIO(newline="")
        export(self.store, form, stream)
        return Response(
            stream.getvalue().encode("utf-8", "backslashreplace"),
            media_type=MEDIA_TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class _Guard:
    """Lets only requests through that can come from the page, and tells the browser what the page may do."""

    def __init__(self, application: Any, *, hosts: frozenset[str] | None) -> None:
        self._application = application
        self._hosts = hosts

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from starlette.datastructures import Headers, MutableHeaders
        from starlette.responses import PlainTextResponse

        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(
                    {
                        "Content-Security-Policy": f"{policy(serves=True)}; frame-ancestors 'none'",
                        "X-Content-Type-Options": "nosniff",
                        "Referrer-Policy": "no-referrer",
                        "Cross-Origin-Resource-Policy": "same-origin",
                        "Cross-Origin-Opener-Policy": "same-origin",
                        "Cache-Control": "no-store",
                    }
                )
            await send(message)

        problem = self._problem(scope["method"], Headers(scope=scope))
        answer = self._application
        if problem:
            answer = PlainTextResponse(f"Refused: {problem}.\n", status_code=403)
        await answer(scope, receive, send_with_headers)

    def _problem(self, method: str, headers: Mapping[str, str]) -> str | None:
        host = headers.get("host", "")
        if not (host in self._hosts if self._hosts is not None else _is_numeric(host)):
            return f"the host {host!r} is not the one that is served"
        if method in ("GET", "HEAD"):
            return None
        if headers.get("origin") != f"http://{host}":
            return "changes must come from the page itself"
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return "changes must be JSON"
        return None


def _is_numeric(host: str) -> bool:
    """Whether a Host header names an address and no name, so that no foreign name leads here."""
    bare = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    try:
        ip_address(bare)
    except ValueError:
        return False
    return True


def serve(
    review: Review,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    allow_network: bool = False,
    ready: "Callable[[str], None]",
) -> None:
    """Serve a review until interrupted.

    Args:
        review: What to serve.
        host: The address to listen on.
        port: The port; 0 takes a free one, None `PORT` if that is free.
        allow_network: Whether ``host`` may be one that other machines reach.
        ready: Called with the page's address once it answers.

    Raises:
        InputError: The address is not of this machine alone, or cannot be listened on.
    """
    import socket

    import uvicorn

    try:
        loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        raise InputError(f"--host {host} is not an address, such as 127.0.0.1.") from None
    if not loopback and not allow_network:
        raise InputError(
            f"--host {host} would let other machines in. If that is what you want, add --allow-network; whoever has "
            "the address with its token can then read the documents and change verdicts."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        try:
            listener.bind((host, PORT if port is None else port))
        except OSError:
            if port is not None:
                raise
            listener.bind((host, 0))
    except OSError as error:
        listener.close()
        raise InputError(
            f"Cannot listen on {host}, port {PORT if port is None else port}: {error.strerror or error}. Choose an "
            "address of this machine with --host or another port with --port."
        ) from error
    port = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    own = (shown, "127.0.0.1", "localhost", "[::1]")
    names = {f"{name}:{port}" for name in own} | (set(own) if port == 80 else set())
    application = review.application(hosts=frozenset(names) if loopback else None)
    config = uvicorn.Config(
        application, log_level="error", lifespan="off", timeout_graceful_shutdown=2, ws="none"
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready(f"http://{shown}:{port}/{review.token}/")

    with listener:
        Server(config).run(sockets=[listener])


async def _unusable(request: "Request", error: Exception) -> "Response":
    """The answer where the verdicts cannot be read or kept: what the reviewer can do about it."""
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(f"{error}\n", status_code=503)


async def _body(request: "Request") -> dict[str, Any]:
    from starlette.requests import ClientDisconnect

    read = bytearray()
    try:
        async for chunk in request.stream():
            read += chunk
            if len(read) > MAX_BODY:
                raise _refusal(413, f"the request has more than {MAX_BODY:,} bytes")
    except ClientDisconnect:
        raise _refusal(400, "the request ended before its body did") from None
    try:
        data = json.loads(read)
    except (ValueError, RecursionError):
        raise _refusal(400, "the request is no JSON") from None
    if not isinstance(data, dict):
        raise _refusal(400, "the request must be a JSON object")
    return data


async def _outcome(change: "Callable[[], int | None]") -> "Response":
    """What came of a change; it is made in a thread, since it waits for the disk."""
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse

    try:
        event = await run_in_threadpool(change)
    except ChangedError as changed:
        now = changed.now
        return JSONResponse({"refused": True, "now": now and now.to_dict()}, status_code=409)
    except ValueError as error:
        raise _refusal(400, str(error)) from None
    return JSONResponse({"event": event})


def _text(change: Mapping[str, Any], name: str) -> str:
    value = change.get(name)
    if not isinstance(value, str):
        raise _refusal(400, f"{name} must be a text")
    return value


def _number(change: Mapping[str, Any], name: str) -> int:
    value = change.get(name)
    if type(value) is not int or not 0 <= value < 2**63:
        raise _refusal(400, f"{name} must be a whole number")
    return value


def _refusal(status: int, reason: str) -> Exception:
    from starlette.exceptions import HTTPException

    return HTTPException(status, f"Refused: {reason}.")
