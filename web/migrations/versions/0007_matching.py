"""What was shown, the models that answers taught, the market's prices, and who shares scarce people."""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLES = """
ALTER TABLE marketplace_organisation ADD COLUMN shares_scarce boolean NOT NULL DEFAULT true;
ALTER TABLE marketplace_organisation ALTER COLUMN shares_scarce DROP DEFAULT;

CREATE TABLE marketplace_showing (
    id uuid NOT NULL,
    need_id uuid NOT NULL,
    digest varchar(32) NOT NULL,
    model varchar(60) NOT NULL,
    shared boolean NOT NULL,
    times integer NOT NULL,
    first_shown_at timestamptz NOT NULL,
    last_shown_at timestamptz NOT NULL,
    assistant_ids uuid[] NOT NULL,
    scores double precision[] NOT NULL,
    plain_ranks integer[] NOT NULL,
    "values" jsonb NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT arrays_go_together CHECK (
        cardinality(scores) = cardinality(assistant_ids) AND cardinality(plain_ranks) = cardinality(assistant_ids)
    ),
    UNIQUE (need_id, digest),
    FOREIGN KEY(need_id) REFERENCES marketplace_need (id)
);

CREATE TABLE marketplace_model (
    version varchar(60) NOT NULL,
    card jsonb NOT NULL,
    figures jsonb NOT NULL,
    learnt_at timestamptz NOT NULL,
    in_use boolean NOT NULL,
    PRIMARY KEY (version)
);

CREATE UNIQUE INDEX marketplace_model_one_in_use ON marketplace_model (in_use) WHERE in_use;

CREATE TABLE marketplace_market (
    id integer NOT NULL,
    computed_at timestamptz NOT NULL,
    needs integer NOT NULL,
    people integer NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT one_row CHECK (id = 1)
);

CREATE TABLE marketplace_share (
    assistant_id uuid NOT NULL,
    prices integer[] NOT NULL,
    rivals integer[] NOT NULL,
    PRIMARY KEY (assistant_id),
    CONSTRAINT four_blocks CHECK (cardinality(prices) = 4 AND cardinality(rivals) = 4),
    FOREIGN KEY(assistant_id) REFERENCES marketplace_assistant (id)
);
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE ON
    marketplace_showing, marketplace_model, marketplace_market, marketplace_share
TO alongside_app;
GRANT DELETE ON marketplace_share TO alongside_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GRANTS)
