"""Why a row becomes no task."""


class BadRow(Exception):
    """`kind` is what rejected rows are counted by; the sentence says what was found."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class NotYet(BadRow):
    """Bad unless a later row gives what this one lacks: it is tried again after the last."""
