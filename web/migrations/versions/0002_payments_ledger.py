"""The function that moves money, and the triggers that keep what was moved."""

from alembic import op

revision = "0002"
down_revision = "0001"

# Refusals carry a code of our own that payments.ledger turns into words:
# AL001 not enough money, AL002 key used for something else, AL003 drawn or released before, AL004 unknown.
MOVE = """
CREATE FUNCTION payments_move(
    p_key varchar, p_kind varchar, p_line uuid, p_pence bigint, p_resolves uuid, p_memo varchar, p_effective timestamptz
) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    route constant varchar[] := CASE p_kind
        WHEN 'fund' THEN ARRAY['funded', 'free']
        WHEN 'set_aside' THEN ARRAY['free', 'set_aside']
        WHEN 'draw' THEN ARRAY['set_aside', 'owed']
        WHEN 'release' THEN ARRAY['set_aside', 'free']
        WHEN 'pay' THEN ARRAY['owed', 'paid'] END;
    account record;
    source uuid;
    target uuid;
    available bigint;
    kept bigint;
    resolved bigint;
    same_kind boolean;
    earlier record;
    moved uuid;
BEGIN
    -- Always in the order of ids, so that two movements over the same accounts wait and never deadlock.
    FOR account IN
        SELECT id, purpose, balance_pence FROM payments_account
         WHERE line_id = p_line AND purpose = ANY (route) ORDER BY id FOR NO KEY UPDATE
    LOOP
        IF account.purpose = route[1] THEN
            source := account.id;
            available := account.balance_pence;
        ELSE
            target := account.id;
        END IF;
    END LOOP;
    IF source IS NULL OR target IS NULL THEN
        RAISE EXCEPTION 'no such line or kind' USING ERRCODE = 'AL004';
    END IF;

    -- What resolves looks for its key first: sent again, it would find the money resolved, by itself.
    IF p_resolves IS NOT NULL THEN
        SELECT * INTO earlier FROM payments_transfer WHERE key = p_key;
        IF NOT FOUND THEN
            SELECT held.pence, coalesce(sum(done.pence), 0), coalesce(bool_or(done.kind = p_kind), false)
              INTO kept, resolved, same_kind
              FROM payments_transfer held LEFT JOIN payments_transfer done ON done.resolves_id = held.id
             WHERE held.id = p_resolves AND held.kind = 'set_aside' AND held.target_id = source
             GROUP BY held.pence;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'nothing was set aside' USING ERRCODE = 'AL004';
            END IF;
            -- At most once each, and never more of it than there is.
            IF same_kind OR resolved + p_pence > kept THEN
                RAISE EXCEPTION 'resolved before' USING ERRCODE = 'AL003';
            END IF;
        END IF;
    END IF;

    INSERT INTO payments_transfer (id, key, kind, source_id, target_id, pence, resolves_id, memo, effective_at)
    VALUES (gen_random_uuid(), p_key, p_kind, source, target, p_pence, p_resolves, p_memo, p_effective)
    ON CONFLICT (key) DO NOTHING RETURNING id INTO moved;
    IF moved IS NULL THEN
        SELECT * INTO earlier FROM payments_transfer WHERE key = p_key;
        IF (earlier.kind, earlier.source_id, earlier.target_id, earlier.pence, earlier.resolves_id)
           IS DISTINCT FROM (p_kind, source, target, p_pence, p_resolves) THEN
            RAISE EXCEPTION 'key % names another transfer', p_key USING ERRCODE = 'AL002';
        END IF;
        RETURN earlier.id;
    END IF;
    IF route[1] <> 'funded' AND available < p_pence THEN
        RAISE EXCEPTION 'not enough money' USING ERRCODE = 'AL001',
            DETAIL = json_build_object('available', available, 'needed', p_pence)::text;
    END IF;

    WITH changed AS (
        UPDATE payments_account
           SET balance_pence = balance_pence + CASE id WHEN source THEN -p_pence ELSE p_pence END,
               version = version + 1
         WHERE id IN (source, target)
        RETURNING id, version, balance_pence
    )
    INSERT INTO payments_entry (account_id, version, transfer_id, pence, balance_pence)
    SELECT id, version, moved, CASE id WHEN source THEN -p_pence ELSE p_pence END, balance_pence FROM changed;
    RETURN moved;
END $$;
"""

# A line is born with one account for each state of its money, at zero; nobody else makes accounts.
ACCOUNTS = """
CREATE FUNCTION payments_open_accounts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO payments_account (id, line_id, purpose, currency, balance_pence, version)
    SELECT gen_random_uuid(), NEW.id, purpose, 'GBP', 0, 0
      FROM unnest(ARRAY['funded', 'free', 'set_aside', 'owed', 'paid']) AS purpose;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_open_accounts AFTER INSERT ON payments_budget_line
    FOR EACH ROW EXECUTE FUNCTION payments_open_accounts();
"""

# What is written stays, even for the tables' owner: a mistake is put right by another transfer.
APPEND_ONLY = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct it with another transfer', TG_TABLE_NAME USING ERRCODE = 'AL005';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_entry
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER accounts_stay BEFORE DELETE OR TRUNCATE ON payments_account
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();

CREATE FUNCTION payments_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two that sum to zero, each one of the transfer's sides, is one of each.
    IF EXISTS (
        SELECT FROM written LEFT JOIN payments_transfer moved ON moved.id = written.transfer_id
         GROUP BY written.transfer_id
        HAVING count(*) <> 2 OR sum(written.pence) <> 0 OR NOT coalesce(bool_and(
            (written.account_id = moved.source_id AND written.pence = -moved.pence)
            OR (written.account_id = moved.target_id AND written.pence = moved.pence)), false)
    ) THEN
        RAISE EXCEPTION 'the entries of a transfer must be its two sides' USING ERRCODE = 'AL006';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entries_balance AFTER INSERT ON payments_entry
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION payments_entries_balance();
"""

GRANTS = """
REVOKE ALL ON FUNCTION
    payments_move(varchar, varchar, uuid, bigint, uuid, varchar, timestamptz),
    payments_open_accounts()
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments_move(varchar, varchar, uuid, bigint, uuid, varchar, timestamptz) TO alongside_app;
"""


def upgrade() -> None:
    for step in (MOVE, ACCOUNTS, APPEND_ONLY, GRANTS):
        op.execute(step)
