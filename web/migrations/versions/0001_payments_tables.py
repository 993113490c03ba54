"""Budgets, their lines and accounts, transfers, entries, payments."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE payments_budget (
    id uuid NOT NULL,
    name varchar NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT ends_after_start CHECK (ends_on >= starts_on)
);

CREATE TABLE payments_budget_line (
    id uuid NOT NULL,
    budget_id uuid NOT NULL,
    name varchar NOT NULL,
    funding_stream varchar NOT NULL,
    management_type varchar NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(budget_id) REFERENCES payments_budget (id)
);

CREATE INDEX ix_payments_budget_line_budget_id ON payments_budget_line (budget_id);

CREATE TABLE payments_account (
    id uuid NOT NULL,
    line_id uuid NOT NULL,
    purpose varchar NOT NULL,
    currency varchar NOT NULL,
    balance_pence bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (line_id, purpose),
    CONSTRAINT no_overdraft CHECK (purpose = 'funded' OR balance_pence >= 0),
    CONSTRAINT purpose_known CHECK (purpose IN ('funded', 'free', 'set_aside', 'owed', 'paid')),
    CONSTRAINT sterling CHECK (currency = 'GBP'),
    FOREIGN KEY(line_id) REFERENCES payments_budget_line (id)
);

CREATE TABLE payments_payout (
    id uuid NOT NULL,
    key varchar NOT NULL,
    line_id uuid NOT NULL,
    payee_id uuid NOT NULL,
    pence bigint NOT NULL,
    reference varchar NOT NULL,
    state varchar NOT NULL,
    gateway varchar,
    detail varchar,
    intended_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (id),
    UNIQUE (key),
    CONSTRAINT pence_positive CHECK (pence > 0),
    CONSTRAINT state_known CHECK (state IN ('intended', 'settled', 'failed')),
    CONSTRAINT finished_when_not_intended CHECK ((state = 'intended') = (finished_at IS NULL)),
    FOREIGN KEY(line_id) REFERENCES payments_budget_line (id)
);

CREATE INDEX ix_payments_payout_line_id ON payments_payout (line_id);

CREATE INDEX payments_payout_due ON payments_payout (intended_at) WHERE state = 'intended';

CREATE TABLE payments_transfer (
    id uuid NOT NULL,
    key varchar NOT NULL,
    kind varchar NOT NULL,
    source_id uuid NOT NULL,
    target_id uuid NOT NULL,
    pence bigint NOT NULL,
    resolves_id uuid,
    memo varchar NOT NULL,
    effective_at timestamptz NOT NULL,
    recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (key),
    CONSTRAINT pence_positive CHECK (pence > 0),
    CONSTRAINT two_accounts CHECK (source_id <> target_id),
    CONSTRAINT kind_known CHECK (kind IN ('fund', 'set_aside', 'draw', 'release', 'pay')),
    CONSTRAINT resolves_set_aside CHECK ((kind IN ('draw', 'release')) = (resolves_id IS NOT NULL)),
    FOREIGN KEY(source_id) REFERENCES payments_account (id),
    FOREIGN KEY(target_id) REFERENCES payments_account (id),
    FOREIGN KEY(resolves_id) REFERENCES payments_transfer (id)
);

CREATE UNIQUE INDEX payments_transfer_resolved_once
    ON payments_transfer (resolves_id, kind) WHERE resolves_id IS NOT NULL;

CREATE TABLE payments_entry (
    account_id uuid NOT NULL,
    version bigint NOT NULL,
    transfer_id uuid NOT NULL,
    pence bigint NOT NULL,
    balance_pence bigint NOT NULL,
    PRIMARY KEY (account_id, version),
    CONSTRAINT pence_moved CHECK (pence <> 0)
);
"""

# What is recorded is only read by the application's role; it moves money through the function of the next step.
GRANTS = """
GRANT SELECT, INSERT ON payments_budget, payments_budget_line TO alongside_app;
GRANT SELECT ON payments_account, payments_transfer, payments_entry TO alongside_app;
GRANT SELECT, INSERT, UPDATE ON payments_payout TO alongside_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GRANTS)
