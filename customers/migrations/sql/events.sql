-- The order of events: that of the transactions that wrote them.
--
-- A number that each row draws for itself would not do: a transaction may commit after another one
-- that has drawn a higher number, and a reader that has seen that one would never see the first. The
-- id of a transaction says whether it may still be running: none below the oldest running one is.

-- Is added to the ids of transactions. A database that was restored elsewhere counts these anew, and
-- what is written there must come after all that readers have seen: see `manage.py advance_events`.
CREATE SEQUENCE customers_xid_offset;

CREATE FUNCTION customers_xid_offset() RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce(pg_sequence_last_value('customers_xid_offset'), 0)
$$;

-- The number of the current transaction.
CREATE FUNCTION customers_xid() RETURNS bigint LANGUAGE sql AS $$
    SELECT pg_current_xact_id()::text::bigint + customers_xid_offset()
$$;

-- The number below which every transaction has ended.
CREATE FUNCTION customers_oldest_xid() RETURNS bigint LANGUAGE sql AS $$
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + customers_xid_offset()
$$;
