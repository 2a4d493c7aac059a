"""What can be wrong with a badge.

BadgeError
├── Malformed          the document itself: its JSON, its JSON-LD, or what a badge must contain
│   └── UnknownContext a context that is not packaged here
├── TooCostly          canonicalising it would take more work than an honest badge needs
├── SignatureError     the proof does not belong to this document and key
└── KeyFileError       the issuer's key file is missing, unsafe or damaged
"""


class BadgeError(Exception):
    """Base of all errors of this package; the text says what is wrong.

    `message` is marked for translation and `facts` fill it in, so that a page can say it in the reader's language.
    """

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message % facts if facts else message)
        self.message = message
        self.facts = facts


def gettext_noop(text: str) -> str:
    """Mark a text for translation; whoever shows it translates it (this package knows no Django)."""
    return text


class Malformed(BadgeError):
    pass


class UnknownContext(Malformed):
    pass


class TooCostly(BadgeError):
    pass


class SignatureError(BadgeError):
    pass


class KeyFileError(BadgeError):
    pass
