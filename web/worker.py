"""What is done after an answer was sent: payments that wait, prices of the hour, rows that nobody needs any more.

Work is found in its own tables (a payment that is intended, an answer that is old), so nothing is lost when a
worker dies, and several may run at once.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

from marketplace import market
from marketplace.candidates import Candidates
from payments.gateway import Gateway
from payments.payouts import send_due
from payments.simulated import SimulatedGateway
from web import idempotency, sessions
from web.database import OpenSession, transaction
from web.settings import Settings

log = logging.getLogger(__name__)

TIDY_EVERY = timedelta(hours=1)


def gateway_for(settings: Settings) -> Gateway:
    """The adapter the settings ask for."""
    return {"simulated": SimulatedGateway}[settings.gateway]()


class Worker:
    """Looks for work, does it, rests a moment; until it is told to stop.

    It touches `heartbeat` after each round that reached the database, so that others can see it is well.
    """

    def __init__(
        self,
        open_session: OpenSession,
        *,
        gateway: Gateway,
        clock: Callable[[], datetime],
        rest: float = 1.0,
        heartbeat: Path | None = None,
    ) -> None:
        self._transaction = partial(transaction, open_session)
        self._gateway = gateway
        self._clock = clock
        self._rest = rest
        self._heartbeat = heartbeat
        self._candidates = Candidates(open_session)
        self._tidied: datetime | None = None

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; a database that is away is waited for."""
        while not stop.is_set():
            try:
                done = self.run_once()
            except Exception:  # whatever went wrong with this round, the next one must come
                log.exception("A round of work failed; trying again")
                stop.wait(self._rest)
                continue
            if self._heartbeat is not None:
                self._heartbeat.touch()
            if not done:
                stop.wait(self._rest)

    def run_once(self) -> int:
        """Do what waits now; how many payments got an answer."""
        now = self._clock()
        if self._tidied is None or now - self._tidied >= TIDY_EVERY:
            with self._transaction() as session:
                sessions.forget_old(session, now=now)
                idempotency.forget_old(session, now=now)
            self._tidied = now
        self._work_out_market(now)
        return send_due(self._transaction, gateway=self._gateway, now=now)

    def _work_out_market(self, now: datetime) -> None:
        """What it costs to list people whom many need; of several workers, whoever comes first in an hour does it."""
        with self._transaction() as session:
            if not market.due(session, now=now):
                return
            pool, ranker = self._candidates.look(now=now)
            market.work_out(session, pool=pool, card=ranker.card, now=now)
