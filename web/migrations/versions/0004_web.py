"""Sign-in links, sessions, and the answers to writes by key."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
CREATE TABLE web_sign_in_link (
    token_hash varchar(64) NOT NULL,
    email varchar(254) NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (token_hash)
);

CREATE INDEX ix_web_sign_in_link_email ON web_sign_in_link (email);

CREATE TABLE web_signed_in (
    token_hash varchar(64) NOT NULL,
    person_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (token_hash),
    FOREIGN KEY(person_id) REFERENCES marketplace_person (id)
);

CREATE INDEX ix_web_signed_in_expires_at ON web_signed_in (expires_at);

CREATE INDEX ix_web_signed_in_person_id ON web_signed_in (person_id);

CREATE TABLE web_stored_answer (
    person_id uuid NOT NULL,
    key varchar(255) NOT NULL,
    fingerprint varchar(64) NOT NULL,
    status integer,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, key),
    FOREIGN KEY(person_id) REFERENCES marketplace_person (id)
);

CREATE INDEX ix_web_stored_answer_stored_at ON web_stored_answer (stored_at);
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON web_sign_in_link, web_signed_in, web_stored_answer TO alongside_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GRANTS)
