"""Asking an API server, again where that may help. Nothing but GET can be sent from here."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

from auditor import __version__
from auditor.private import without_private_keys
from auditor.sources.live.clock import Deadline
from auditor.sources.live.connection import Connection
from auditor.sources.live.failures import Failed, NotKubernetes, OutOfTime, Passing, Unreachable
from auditor.visible import visible

JSON = "application/json"
TRIES = 5
FIRST_PAUSE = 0.25
"""Seconds before the second try; each later pause is twice as long."""
CHUNK = 1 << 18
LARGEST_BODY = 1 << 29
"""Bytes of one answer: a page of 500 objects, each as large as etcd lets it be."""
LARGEST_STATUS = 1 << 16
LONGEST_MESSAGE = 400

KEY = b"PRIVATE KEY-----"
"""What is in each private key that is written as text."""

BROKEN = (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)


class Asking:
    """Asks for one path after the other until the deadline; may be used by several threads."""

    def __init__(self, connection: Connection, deadline: Deadline, patience: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._patience = patience

    def get(self, path: str, query: Mapping[str, str] | None = None, accept: str = JSON) -> Any:
        """The JSON that the API server has at a path.

        What may be over in a moment is tried again, after the pause that the API server asks
        for, else after a longer one each time. Raises `Failed` when it stays like that.
        """
        url = self._connection.server + path + (f"?{urlencode(query)}" if query else "")
        for attempt in range(TRIES):
            try:
                return decoded(self._body(self._send(url, accept)))
            except Passing as passing:
                last = passing
            pause = FIRST_PAUSE * 2**attempt if last.pause is None else last.pause
            if attempt + 1 < TRIES:
                self._wait(pause, last)
        said = f"{last.why} (tried {TRIES} times)"
        raise type(last.failed)(said, last.status)

    def _wait(self, pause: float, last: Passing) -> None:
        if pause >= self._deadline.left:
            said = f"; waiting {pause:g} s as asked for" if last.pause is not None else ""
            raise OutOfTime(f"{last.why}{said}; {self._deadline.said}", last.status)
        self._deadline.clock.wait(pause)

    def _send(self, url: str, accept: str) -> urllib3.BaseHTTPResponse:
        """Send a request. This is the only place that does, and it knows one verb."""
        headers = self._connection.headers()
        headers["Accept"] = accept
        headers["User-Agent"] = f"mesh-auditor/{__version__}"
        try:
            return self._connection.pool.request(
                "GET",
                url,
                headers=headers,
                preload_content=False,
                enforce_content_length=True,
                redirect=False,
                retries=False,
                timeout=self._timeout(),
            )
        except (urllib3.exceptions.SSLError, ssl.SSLError) as error:
            raise Unreachable(f"{self._connection.route}: {_of_tls(error)}") from error
        except BROKEN as error:
            why = f"{self._connection.route}: {_of_connection(error)}"
            raise Passing(Unreachable(why)) from error

    def _timeout(self) -> urllib3.Timeout:
        left = self._deadline.left
        if left <= 0:
            raise OutOfTime(self._deadline.said)
        return urllib3.Timeout(connect=min(left, self._patience), read=min(left, self._patience))

    def _body(self, response: urllib3.BaseHTTPResponse) -> bytes:
        try:
            if response.status != http.client.OK:
                _refuse(response, b"".join(self._pieces(response, LARGEST_STATUS)))
            return b"".join(self._pieces(response, LARGEST_BODY))
        except BROKEN as error:
            why = f"the answer was cut short: {_of_connection(error)}"
            raise Passing(Failed(why)) from error
        finally:
            if not getattr(response, "closed", True):
                response.close()

    def _pieces(self, response: urllib3.BaseHTTPResponse, most: int) -> Iterator[bytes]:
        size = 0
        for piece in response.stream(CHUNK, decode_content=True):
            size += len(piece)
            if size > most:
                raise Failed(f"the answer is longer than {most >> 10} KiB")
            if self._deadline.passed:
                raise OutOfTime(f"the answer did not end; {self._deadline.said}")
            yield piece


def decoded(body: bytes) -> Any:
    """What an answer says, without private keys that somebody pasted into a text of it.

    Raises `Failed` without a word of the answer, which may be secret.
    """
    try:
        answer = json.loads(body)
        return without_private_keys(answer) if KEY in body else answer
    except UnicodeDecodeError:
        why = "it is not UTF-8"
    except json.JSONDecodeError as error:
        why = f"{error.msg} at line {error.lineno}, column {error.colno}"
    except (ValueError, RecursionError):
        why = "a number is too long, or it is nested too deep"
    raise NotKubernetes(f"the answer is not JSON: {why}")


def _refuse(response: urllib3.BaseHTTPResponse, body: bytes) -> None:
    """Raise what an answer other than 200 comes to."""
    status = response.status
    why = f"{status} {http.client.responses.get(status, '')}".strip()
    message, reason = _said(body)
    if message:
        why = f"{why}: {message}"
    if http.client.MULTIPLE_CHOICES <= status < http.client.BAD_REQUEST:
        place = urlsplit(response.headers.get("Location", ""))
        to = f"{place.scheme}://{place.hostname}" if place.hostname else "another place"
        raise NotKubernetes(f"{status}: the answer leads to {visible(to)}", status)
    if status == http.client.TOO_MANY_REQUESTS or status >= http.client.INTERNAL_SERVER_ERROR:
        raise Passing(Failed(why, status), _seconds(response.headers.get("Retry-After")))
    raise Failed(why, status, reason)


def _said(body: bytes) -> tuple[str, str]:
    """What the API server says for a person to read, and for a program."""
    try:
        status = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(status, dict) or status.get("kind") != "Status":
        return "", ""
    message = visible(" ".join(str(status.get("message") or "").split()))
    return message[:LONGEST_MESSAGE], str(status.get("reason") or "")


def _seconds(retry_after: str | None) -> float | None:
    """How long to wait. API servers give whole seconds, never a date."""
    return float(retry_after) if retry_after and retry_after.isdecimal() else None


def _of_tls(error: BaseException) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"its certificate is not trusted: {cause.verify_message}; compare "
                "certificate-authority and tls-server-name in the kubeconfig"
            )
    reasons = [it.reason for it in _causes(error) if isinstance(it, ssl.SSLError) and it.reason]
    said = reasons[0].replace("_", " ").lower() if reasons else visible(str(error))
    return f"no TLS connection: {said}"


def _of_connection(error: BaseException) -> str:
    """The reason at the root of it, as the system words it."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    if any(isinstance(it, TimeoutError | urllib3.exceptions.TimeoutError) for it in causes):
        return "no answer in time"
    return visible(" ".join(str(causes[-1]).split()))[:LONGEST_MESSAGE] or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it came from, the root last."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.append(one)
            inside = (*one.args, one.__context__, one.__cause__, getattr(one, "reason", None))
            waiting += [it for it in inside if isinstance(it, BaseException)]
    yield from seen
