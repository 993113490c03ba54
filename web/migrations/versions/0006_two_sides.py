"""What both sides say beyond skills and times, checks, journeys in minutes, and whom one doesn't want to meet again."""

from alembic import op

revision = "0006"
down_revision = "0005"

# How long so many miles took by car when this was written, from 0 to 100: whoever said miles goes as far as before.
ASSISTANTS = """
ALTER TABLE marketplace_assistant
    ADD COLUMN travel_by varchar NOT NULL DEFAULT 'car',
    ADD COLUMN travel_minutes integer,
    ADD COLUMN languages varchar(8)[] NOT NULL DEFAULT '{}',
    ADD COLUMN gender varchar,
    ADD COLUMN brings varchar[] NOT NULL DEFAULT '{}',
    ADD COLUMN refuses varchar[] NOT NULL DEFAULT '{}',
    ADD COLUMN needs varchar[] NOT NULL DEFAULT '{}',
    ADD COLUMN confirmed_on date;

UPDATE marketplace_assistant SET
    confirmed_on = (registered_at AT TIME ZONE 'Europe/London')::date,
    travel_minutes = (ARRAY[
        5, 9, 13, 16, 19, 22, 24, 27, 29, 32, 34, 36, 37, 39, 41, 43, 44, 46, 48, 49, 51, 53, 55, 57, 58,
        60, 62, 63, 65, 67, 69, 70, 72, 74, 76, 77, 79, 81, 83, 84, 86, 88, 89, 91, 93, 95, 96, 98, 100,
        102, 103, 105, 107, 109, 110, 112, 114, 116, 117, 119, 121, 123, 124, 126, 128, 130, 131, 133,
        135, 136, 138, 140, 142, 143, 145, 147, 149, 150, 152, 154, 156, 157, 159, 161, 162, 164, 166,
        168, 169, 171, 173, 175, 176, 178, 180, 182, 183, 185, 187, 189, 190
    ])[travel_miles + 1];

ALTER TABLE marketplace_assistant
    DROP COLUMN travel_miles,
    ALTER COLUMN travel_by DROP DEFAULT,
    ALTER COLUMN travel_minutes SET NOT NULL,
    ALTER COLUMN languages DROP DEFAULT,
    ALTER COLUMN brings DROP DEFAULT,
    ALTER COLUMN refuses DROP DEFAULT,
    ALTER COLUMN needs DROP DEFAULT,
    ALTER COLUMN confirmed_on SET NOT NULL,
    DROP CONSTRAINT status_known,
    ADD CONSTRAINT status_known CHECK (status IN ('looking', 'open', 'not_now')),
    ADD CONSTRAINT travel_known CHECK (travel_by IN ('car', 'public_transport', 'cycle', 'foot')),
    ADD CONSTRAINT travel_plausible CHECK (travel_minutes BETWEEN 5 AND 240),
    ADD CONSTRAINT languages_few CHECK (cardinality(languages) <= 60),
    ADD CONSTRAINT gender_known CHECK (gender IN ('woman', 'man')),
    ADD CONSTRAINT brings_known CHECK (brings <@ ARRAY['drives', 'own_car', 'smokes']::varchar[]),
    ADD CONSTRAINT refuses_known CHECK (refuses <@ ARRAY[
        'smoking_home', 'dog', 'cat', 'other_pets', 'sleep_in', 'waking_night', 'live_in', 'two_people',
        'employment', 'self_employment'
    ]::varchar[]),
    ADD CONSTRAINT some_contract_will_do CHECK (NOT refuses @> ARRAY['employment', 'self_employment']::varchar[]),
    ADD CONSTRAINT needs_known CHECK (needs <@ ARRAY['parking']::varchar[]);

CREATE TABLE marketplace_assistant_check (
    assistant_id uuid NOT NULL,
    code varchar(40) NOT NULL,
    checked_on date NOT NULL,
    valid_until date,
    PRIMARY KEY (assistant_id, code),
    CONSTRAINT valid_after_check CHECK (valid_until IS NULL OR valid_until >= checked_on),
    FOREIGN KEY(assistant_id) REFERENCES marketplace_assistant (id)
);

CREATE TRIGGER touch_assistant AFTER INSERT OR UPDATE OR DELETE ON marketplace_assistant_check
    FOR EACH ROW EXECUTE FUNCTION marketplace_touch_assistant();
"""

NEEDS = """
ALTER TABLE marketplace_need
    ADD COLUMN kind varchar NOT NULL DEFAULT 'visit',
    ADD COLUMN people integer NOT NULL DEFAULT 1,
    ADD COLUMN minutes_a_week integer,
    ADD COLUMN mostly varchar[] NOT NULL DEFAULT '{}',
    ADD COLUMN checks varchar(40)[] NOT NULL DEFAULT '{}',
    ADD COLUMN languages varchar(8)[] NOT NULL DEFAULT '{}',
    ADD COLUMN languages_wished varchar(8)[] NOT NULL DEFAULT '{}',
    ADD COLUMN contract varchar NOT NULL DEFAULT 'either',
    ADD COLUMN home varchar[] NOT NULL DEFAULT '{}',
    ADD COLUMN car varchar NOT NULL DEFAULT 'none',
    ADD COLUMN gender varchar,
    ADD COLUMN gender_reason varchar(300) NOT NULL DEFAULT '',
    ADD COLUMN refuses varchar[] NOT NULL DEFAULT '{}';

ALTER TABLE marketplace_need
    ALTER COLUMN kind DROP DEFAULT,
    ALTER COLUMN people DROP DEFAULT,
    ALTER COLUMN mostly DROP DEFAULT,
    ALTER COLUMN checks DROP DEFAULT,
    ALTER COLUMN languages DROP DEFAULT,
    ALTER COLUMN languages_wished DROP DEFAULT,
    ALTER COLUMN contract DROP DEFAULT,
    ALTER COLUMN home DROP DEFAULT,
    ALTER COLUMN car DROP DEFAULT,
    ALTER COLUMN gender_reason DROP DEFAULT,
    ALTER COLUMN refuses DROP DEFAULT,
    ADD CONSTRAINT kind_known CHECK (kind IN ('visit', 'sleep_in', 'waking_night', 'live_in')),
    ADD CONSTRAINT people_one_or_two CHECK (people IN (1, 2)),
    ADD CONSTRAINT week_plausible CHECK (minutes_a_week BETWEEN 30 AND 10080 AND minutes_a_week % 30 = 0),
    ADD CONSTRAINT mostly_known CHECK (
        mostly <@ ARRAY['morning', 'afternoon', 'evening', 'night', 'weekend']::varchar[]
    ),
    ADD CONSTRAINT checks_few CHECK (cardinality(checks) <= 60),
    ADD CONSTRAINT languages_few CHECK (cardinality(languages) <= 60 AND cardinality(languages_wished) <= 60),
    ADD CONSTRAINT contract_known CHECK (contract IN ('employed', 'self_employed', 'either')),
    ADD CONSTRAINT home_known CHECK (
        home <@ ARRAY['smoking_home', 'dog', 'cat', 'other_pets', 'parking']::varchar[]
    ),
    ADD CONSTRAINT car_known CHECK (car IN ('none', 'drives', 'own_car')),
    ADD CONSTRAINT gender_known CHECK (gender IN ('woman', 'man')),
    ADD CONSTRAINT gender_has_a_reason CHECK (gender IS NULL OR gender_reason <> ''),
    ADD CONSTRAINT refuses_known CHECK (refuses <@ ARRAY['smokes']::varchar[]);
"""

BLOCKS = """
CREATE TABLE marketplace_block (
    holder_id uuid NOT NULL,
    assistant_id uuid NOT NULL,
    by varchar NOT NULL,
    blocked_by uuid NOT NULL,
    blocked_at timestamptz NOT NULL,
    PRIMARY KEY (holder_id, assistant_id, by),
    CONSTRAINT by_known CHECK (by IN ('holder', 'assistant')),
    FOREIGN KEY(holder_id) REFERENCES marketplace_holder (id),
    FOREIGN KEY(assistant_id) REFERENCES marketplace_assistant (id),
    FOREIGN KEY(blocked_by) REFERENCES marketplace_person (id)
);

CREATE INDEX ix_marketplace_block_assistant_id ON marketplace_block (assistant_id);
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON marketplace_assistant_check TO alongside_app;
GRANT SELECT, INSERT, DELETE ON marketplace_block TO alongside_app;
"""


def upgrade() -> None:
    op.execute(ASSISTANTS)
    op.execute(NEEDS)
    op.execute(BLOCKS)
    op.execute(GRANTS)
