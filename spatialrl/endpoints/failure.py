"""What came of an attempt that brought no reply."""

from dataclasses import dataclass

from spatialrl.endpoints.question import NoReplyCode

SHOWN = 300
"""Characters of what a server says, in messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    reason: str
    code: NoReplyCode
    may_pass: bool
    pause_s: float = 0.0
    """What the server asks to wait."""
    may_be_billed: bool = False
    """The request may have been worked on."""


def malformed(reason: str) -> Failure:
    reason = f"the reply can't be read: {reason[:SHOWN]}"
    return Failure(reason=reason, code="malformed", may_pass=True, may_be_billed=True)
