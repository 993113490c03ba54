"""Every table there is, so that migrations compare against all of them."""
# ruff: noqa: F401 - importing a module is what makes its tables known

from sqlmodel import SQLModel

import marketplace.agreements
import marketplace.assistants
import marketplace.blocks
import marketplace.bookings
import marketplace.holders
import marketplace.introductions
import marketplace.market
import marketplace.models
import marketplace.needs
import marketplace.organisations
import marketplace.people
import marketplace.postcodes
import marketplace.showings
import marketplace.timesheets
import payments.budgets
import payments.ledger
import payments.payouts
import web.idempotency
import web.sessions

METADATA = SQLModel.metadata
