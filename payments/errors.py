"""What can go wrong with money.

PaymentsError
├── BadAmount           not an amount that can move
├── NotEnoughMoney      more than is free on the line
├── KeyReused           the same key came with another movement
├── AlreadyResolved     what was set aside has been drawn or released
└── UnknownAccount      no such budget, line or payment
"""


class PaymentsError(Exception):
    """A refusal, in a sentence for the person who asked; nothing was stored."""


class BadAmount(PaymentsError, ValueError):
    """Not an amount of money that can move."""


class NotEnoughMoney(PaymentsError):
    """More was asked for than the account holds; both in pence."""

    def __init__(self, sentence: str, *, available: int, needed: int) -> None:
        super().__init__(sentence)
        self.available = available
        self.needed = needed


class KeyReused(PaymentsError):
    """A key names one movement for ever; it came again with other parameters."""


class AlreadyResolved(PaymentsError):
    """Money set aside is drawn or released at most once."""


class UnknownAccount(PaymentsError, LookupError):
    """There is no such budget, line, account or payment."""
