"""What may become of a request that brings nothing of use."""

from __future__ import annotations


class Failed(Exception):
    """A request that brought nothing of use: one line that says why and quotes no credentials.

    `status` is that of the API server's answer, 0 where there was none, and `reason` the word
    that Kubernetes has for it, which nothing else that answers on the way gives.
    """

    def __init__(self, why: str, status: int = 0, reason: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.status = status
        self.reason = reason


class Unreachable(Failed):
    """No answer came: there is no way to the API server, or nobody to trust at its end."""


class OutOfTime(Failed):
    """The deadline of the whole reading passed."""


class NotKubernetes(Failed):
    """What answered does not speak as an API server does."""


class Passing(Failed):
    """A failure that may be over in a moment, such as an overload. `pause` is in seconds."""

    def __init__(self, failed: Failed, pause: float | None = None) -> None:
        super().__init__(failed.why, failed.status)
        self.failed = failed
        self.pause = pause
        """How long the API server asks to wait, None where it does not say."""
