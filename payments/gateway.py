"""The seam to whoever moves real money, in our words; adapters stand beside it."""

from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Instruction:
    """Pay `pence` to `payee_id`; `key` names this payment for ever, so that sending it twice pays once."""

    key: str
    payee_id: UUID
    pence: int
    reference: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an instruction; `detail` is the gateway's own number, or why it failed."""

    state: Literal["settled", "failed"]
    detail: str


class GatewayUnavailable(Exception):
    """No answer: the payment may or may not have been made. Ask again with the same key."""


class Gateway(Protocol):
    """Someone who pays. The same key with the same parameters pays once and answers the same."""

    @property
    def name(self) -> str:
        """Stored beside each payment that went through it."""

    def pay(self, instruction: Instruction) -> Outcome:
        """Carry out the instruction, once per key.

        Raises:
            GatewayUnavailable: no answer came.
        """
