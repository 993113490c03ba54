"""People, organisations, holders, assistants, needs, introductions, agreements, bookings, hours."""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = """
-- An exclusion constraint over an id and a range needs equality in a gist index.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE marketplace_organisation (
    id uuid NOT NULL,
    name varchar(120) NOT NULL,
    kind varchar NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT kind_known CHECK (kind IN ('broker', 'council', 'nhs')),
    UNIQUE (name)
);

CREATE TABLE marketplace_person (
    id uuid NOT NULL,
    email varchar(254) NOT NULL,
    name varchar(120) NOT NULL,
    joined_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT email_lower CHECK (email = lower(email)),
    UNIQUE (email)
);

CREATE TABLE marketplace_assistant (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    postcode varchar(8) NOT NULL,
    about varchar(2000) NOT NULL,
    lowest_rate_pence integer NOT NULL,
    travel_miles integer NOT NULL,
    least_minutes integer NOT NULL,
    most_minutes integer NOT NULL,
    status varchar NOT NULL,
    registered_at timestamptz NOT NULL,
    changed_in bigint DEFAULT pg_current_xact_id()::text::bigint NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT rate_plausible CHECK (lowest_rate_pence BETWEEN 800 AND 20000),
    CONSTRAINT travel_plausible CHECK (travel_miles BETWEEN 0 AND 100),
    CONSTRAINT week_plausible CHECK (least_minutes BETWEEN 0 AND most_minutes AND most_minutes <= 10080),
    CONSTRAINT status_known CHECK (status IN ('looking', 'not_now')),
    UNIQUE (person_id),
    FOREIGN KEY(person_id) REFERENCES marketplace_person (id)
);

CREATE INDEX ix_marketplace_assistant_changed_in ON marketplace_assistant (changed_in);

CREATE TABLE marketplace_holder (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    postcode varchar(8) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (person_id),
    FOREIGN KEY(person_id) REFERENCES marketplace_person (id),
    FOREIGN KEY(organisation_id) REFERENCES marketplace_organisation (id)
);

CREATE INDEX ix_marketplace_holder_organisation_id ON marketplace_holder (organisation_id);

CREATE TABLE marketplace_membership (
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL,
    PRIMARY KEY (organisation_id, person_id),
    FOREIGN KEY(organisation_id) REFERENCES marketplace_organisation (id),
    FOREIGN KEY(person_id) REFERENCES marketplace_person (id)
);

CREATE INDEX ix_marketplace_membership_person_id ON marketplace_membership (person_id);

CREATE TABLE marketplace_assistant_competency (
    assistant_id uuid NOT NULL,
    code varchar(40) NOT NULL,
    checked_on date NOT NULL,
    valid_until date,
    PRIMARY KEY (assistant_id, code),
    CONSTRAINT valid_after_check CHECK (valid_until IS NULL OR valid_until >= checked_on),
    FOREIGN KEY(assistant_id) REFERENCES marketplace_assistant (id)
);

CREATE TABLE marketplace_assistant_window (
    assistant_id uuid NOT NULL,
    weekday integer NOT NULL,
    start integer NOT NULL,
    minutes integer NOT NULL,
    PRIMARY KEY (assistant_id, weekday, start),
    CONSTRAINT in_a_week CHECK (weekday BETWEEN 0 AND 6 AND minutes BETWEEN 30 AND 1440),
    FOREIGN KEY(assistant_id) REFERENCES marketplace_assistant (id)
);

CREATE TABLE marketplace_holder_budget (
    budget_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    PRIMARY KEY (budget_id),
    FOREIGN KEY(budget_id) REFERENCES payments_budget (id),
    FOREIGN KEY(holder_id) REFERENCES marketplace_holder (id)
);

CREATE INDEX ix_marketplace_holder_budget_holder_id ON marketplace_holder_budget (holder_id);

CREATE TABLE marketplace_need (
    id uuid NOT NULL,
    holder_id uuid NOT NULL,
    title varchar(120) NOT NULL,
    about varchar(2000) NOT NULL,
    rate_pence integer NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    state varchar NOT NULL,
    reference varchar(60),
    posted_by uuid NOT NULL,
    posted_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT rate_plausible CHECK (rate_pence BETWEEN 800 AND 20000),
    CONSTRAINT ends_after_start CHECK (ends_on IS NULL OR ends_on >= starts_on),
    CONSTRAINT state_known CHECK (state IN ('open', 'filled', 'closed')),
    UNIQUE (holder_id, reference),
    FOREIGN KEY(holder_id) REFERENCES marketplace_holder (id),
    FOREIGN KEY(posted_by) REFERENCES marketplace_person (id)
);

CREATE INDEX ix_marketplace_need_holder_id ON marketplace_need (holder_id);

CREATE TABLE marketplace_introduction (
    id uuid NOT NULL,
    need_id uuid NOT NULL,
    assistant_id uuid NOT NULL,
    state varchar NOT NULL,
    message varchar(1000) NOT NULL,
    reason varchar(500),
    invited_by uuid NOT NULL,
    invited_at timestamptz NOT NULL,
    answered_at timestamptz,
    PRIMARY KEY (id),
    CONSTRAINT invited_once UNIQUE (need_id, assistant_id),
    CONSTRAINT state_known CHECK (state IN ('invited', 'accepted', 'declined')),
    CONSTRAINT answered_when_not_invited CHECK ((state = 'invited') = (answered_at IS NULL)),
    FOREIGN KEY(need_id) REFERENCES marketplace_need (id),
    FOREIGN KEY(assistant_id) REFERENCES marketplace_assistant (id),
    FOREIGN KEY(invited_by) REFERENCES marketplace_person (id)
);

CREATE INDEX ix_marketplace_introduction_assistant_id ON marketplace_introduction (assistant_id);

CREATE TABLE marketplace_need_competency (
    need_id uuid NOT NULL,
    code varchar(40) NOT NULL,
    required boolean NOT NULL,
    PRIMARY KEY (need_id, code),
    FOREIGN KEY(need_id) REFERENCES marketplace_need (id)
);

CREATE TABLE marketplace_need_window (
    need_id uuid NOT NULL,
    weekday integer NOT NULL,
    start integer NOT NULL,
    minutes integer NOT NULL,
    PRIMARY KEY (need_id, weekday, start),
    CONSTRAINT in_a_week CHECK (weekday BETWEEN 0 AND 6 AND minutes BETWEEN 30 AND 1440),
    FOREIGN KEY(need_id) REFERENCES marketplace_need (id)
);

CREATE TABLE marketplace_agreement (
    id uuid NOT NULL,
    introduction_id uuid NOT NULL,
    need_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    assistant_id uuid NOT NULL,
    rate_pence integer NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    state varchar NOT NULL,
    offered_by uuid NOT NULL,
    offered_at timestamptz NOT NULL,
    answered_at timestamptz,
    PRIMARY KEY (id),
    CONSTRAINT rate_plausible CHECK (rate_pence BETWEEN 800 AND 20000),
    CONSTRAINT ends_after_start CHECK (ends_on IS NULL OR ends_on >= starts_on),
    CONSTRAINT state_known CHECK (state IN ('offered', 'agreed', 'declined')),
    CONSTRAINT answered_when_not_offered CHECK ((state = 'offered') = (answered_at IS NULL)),
    UNIQUE (introduction_id),
    FOREIGN KEY(introduction_id) REFERENCES marketplace_introduction (id),
    FOREIGN KEY(need_id) REFERENCES marketplace_need (id),
    FOREIGN KEY(holder_id) REFERENCES marketplace_holder (id),
    FOREIGN KEY(assistant_id) REFERENCES marketplace_assistant (id),
    FOREIGN KEY(offered_by) REFERENCES marketplace_person (id)
);

CREATE INDEX ix_marketplace_agreement_assistant_id ON marketplace_agreement (assistant_id);

CREATE INDEX ix_marketplace_agreement_holder_id ON marketplace_agreement (holder_id);

CREATE INDEX ix_marketplace_agreement_need_id ON marketplace_agreement (need_id);

CREATE TABLE marketplace_booking (
    id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    assistant_id uuid NOT NULL,
    line_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    rate_pence integer NOT NULL,
    pence integer NOT NULL,
    set_aside_id uuid NOT NULL,
    state varchar NOT NULL,
    reason varchar(500),
    booked_by uuid NOT NULL,
    booked_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT ends_after_start CHECK (ends_at > starts_at),
    CONSTRAINT one_shift CHECK (ends_at <= starts_at + interval '24 hours'),
    CONSTRAINT state_known CHECK (state IN ('booked', 'cancelled', 'approved')),
    CONSTRAINT marketplace_booking_no_overlap EXCLUDE USING gist (
        assistant_id WITH =, tstzrange(starts_at, ends_at) WITH &&
    ) WHERE (state <> 'cancelled'),
    FOREIGN KEY(agreement_id) REFERENCES marketplace_agreement (id),
    FOREIGN KEY(holder_id) REFERENCES marketplace_holder (id),
    FOREIGN KEY(assistant_id) REFERENCES marketplace_assistant (id),
    FOREIGN KEY(line_id) REFERENCES payments_budget_line (id),
    UNIQUE (set_aside_id),
    FOREIGN KEY(set_aside_id) REFERENCES payments_transfer (id),
    FOREIGN KEY(booked_by) REFERENCES marketplace_person (id)
);

CREATE INDEX ix_marketplace_booking_agreement_id ON marketplace_booking (agreement_id);

CREATE INDEX ix_marketplace_booking_holder_id ON marketplace_booking (holder_id);

CREATE TABLE marketplace_timesheet (
    booking_id uuid NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    pence integer NOT NULL,
    state varchar NOT NULL,
    query varchar(500),
    confirmed_at timestamptz NOT NULL,
    approved_at timestamptz,
    approved_by uuid,
    PRIMARY KEY (booking_id),
    CONSTRAINT ends_after_start CHECK (ended_at > started_at),
    CONSTRAINT one_shift CHECK (ended_at <= started_at + interval '24 hours'),
    CONSTRAINT state_known CHECK (state IN ('confirmed', 'queried', 'approved')),
    CONSTRAINT approved_has_a_moment CHECK ((state = 'approved') = (approved_at IS NOT NULL)),
    FOREIGN KEY(booking_id) REFERENCES marketplace_booking (id),
    FOREIGN KEY(approved_by) REFERENCES marketplace_person (id)
);
"""

# Which assistants changed: the pool of candidates asks for those touched since it last looked. A child row
# touches its assistant once in a transaction, so that loading thousands of skills updates nobody twice.
CHANGES = """
CREATE FUNCTION marketplace_assistant_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;

CREATE TRIGGER marketplace_assistant_changed BEFORE INSERT OR UPDATE ON marketplace_assistant
    FOR EACH ROW EXECUTE FUNCTION marketplace_assistant_changed();

CREATE FUNCTION marketplace_touch_assistant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.assistant_id ELSE NEW.assistant_id END;
BEGIN
    UPDATE marketplace_assistant SET changed_in = changed_in
     WHERE id = touched AND changed_in <> pg_current_xact_id()::text::bigint;
    RETURN NULL;
END $$;

CREATE TRIGGER touch_assistant AFTER INSERT OR UPDATE OR DELETE ON marketplace_assistant_window
    FOR EACH ROW EXECUTE FUNCTION marketplace_touch_assistant();
CREATE TRIGGER touch_assistant AFTER INSERT OR UPDATE OR DELETE ON marketplace_assistant_competency
    FOR EACH ROW EXECUTE FUNCTION marketplace_touch_assistant();
CREATE TRIGGER touch_assistant AFTER INSERT OR UPDATE OR DELETE ON marketplace_agreement
    FOR EACH ROW EXECUTE FUNCTION marketplace_touch_assistant();
"""

# Cancelling gives a shift's money back; once its hours are told, that would take wages away.
HOURS_TOLD = """
CREATE FUNCTION marketplace_keep_told_hours() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM marketplace_timesheet WHERE booking_id = NEW.id) THEN
        RAISE EXCEPTION 'the hours of this shift were told' USING ERRCODE = 'AL007';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_told_hours BEFORE UPDATE OF state ON marketplace_booking
    FOR EACH ROW WHEN (NEW.state = 'cancelled') EXECUTE FUNCTION marketplace_keep_told_hours();
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE ON
    marketplace_organisation, marketplace_person, marketplace_membership, marketplace_holder,
    marketplace_holder_budget, marketplace_assistant, marketplace_need, marketplace_introduction,
    marketplace_agreement, marketplace_booking, marketplace_timesheet
TO alongside_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    marketplace_assistant_window, marketplace_assistant_competency,
    marketplace_need_window, marketplace_need_competency
TO alongside_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(CHANGES)
    op.execute(HOURS_TOLD)
    op.execute(GRANTS)
