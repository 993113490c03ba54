"""Full postcodes, for whoever loads them."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = """
CREATE TABLE marketplace_postcode (
    code varchar(8) NOT NULL,
    easting integer NOT NULL,
    northing integer NOT NULL,
    PRIMARY KEY (code)
);
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON marketplace_postcode TO alongside_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GRANTS)
