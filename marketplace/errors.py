"""What can be refused, in sentences for the person who asked; a refusal stores nothing.

MarketplaceError
├── NotFound        it is not there, or not yours: nobody can tell which
├── Invalid         a value that can't be right, and the field it was given in
└── Conflict        right in itself, but not with what is already so
    └── AlreadyBooked
"""


class MarketplaceError(Exception):
    """A refusal in plain words."""


class NotFound(MarketplaceError, LookupError):
    """It is not there, or it is not for the person who asks."""

    def __init__(self, what: str) -> None:
        super().__init__(f"We can't find that {what}.")


class Invalid(MarketplaceError, ValueError):
    """A value that can't be right; `field` names the one to change."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Conflict(MarketplaceError):
    """It was right when the page was opened, or would be at another moment."""


class AlreadyBooked(Conflict):
    """The assistant works somewhere else in these hours."""
