"""A gateway that moves no money: every payment settles, and the same key always gets the same answer."""

import hashlib
from dataclasses import dataclass

from payments.gateway import Instruction, Outcome


@dataclass(frozen=True, slots=True)
class SimulatedGateway:
    """For the demo, and for budgets whose payments are made elsewhere; it needs no memory to answer alike."""

    name: str = "simulated"

    def pay(self, instruction: Instruction) -> Outcome:
        """Settled, under a number that depends on the key alone."""
        digest = hashlib.sha256(instruction.key.encode()).hexdigest()
        return Outcome(state="settled", detail=f"sim_{digest[:16]}")
