"""The state that every test begins with: kept beside the tables, and put back by one statement."""

from __future__ import annotations

from typing import Any

import psycopg

# A table is put back if it has rows that are newer than the last time, or fewer or more of them.
_REMEMBER = """
CREATE SCHEMA pristine;

CREATE TABLE pristine.tables AS
    SELECT relname::text AS name,
           string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns
    FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'django_migrations'
        AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    GROUP BY relname;

CREATE TABLE pristine.sequences AS
    SELECT format('public.%I', sequencename)::regclass AS sequence,
           COALESCE(last_value, start_value) AS value,
           last_value IS NOT NULL AS is_called
    FROM pg_sequences WHERE schemaname = 'public';

CREATE TABLE pristine.last AS SELECT pg_current_xact_id()::text::bigint AS transaction;

DO $$
DECLARE
    found text;
BEGIN
    FOR found IN SELECT name FROM pristine.tables LOOP
        EXECUTE format('CREATE TABLE pristine.%1$I AS TABLE public.%1$I', found);
    END LOOP;
    EXECUTE (
        SELECT 'CREATE VIEW pristine.changed AS ' || string_agg(format(
            'SELECT %1$L AS name WHERE
                (SELECT count(*) FROM public.%1$I) <> (SELECT count(*) FROM pristine.%1$I)
                OR EXISTS (SELECT FROM public.%1$I, pristine.last
                           WHERE %1$I.xmin::text::bigint > last.transaction)',
            name
        ), ' UNION ALL ') FROM pristine.tables
    );
END
$$;

CREATE FUNCTION pristine.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT * FROM pristine.changed JOIN pristine.tables USING (name) LOOP
        EXECUTE format('DELETE FROM public.%I', found.name);
        EXECUTE format(
            'INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM pristine.%1$I',
            found.name, found.columns
        );
    END LOOP;
    PERFORM setval(sequence, value, is_called) FROM pristine.sequences;
    UPDATE pristine.last SET transaction = pg_current_xact_id()::text::bigint;
END
$$;
"""


#: For the connection that restores, from its beginning: no trigger writes, as the history is put
#: back like everything else. To set this each time would have every statement planned anew.
OPTIONS = "-c session_replication_role=replica"


def remember(connection: psycopg.Connection[Any]) -> None:
    """Make what is in the tables now the state that `restore` puts back."""
    connection.execute(_REMEMBER)


def restore(connection: psycopg.Connection[Any]) -> None:
    """Put every table back, by a connection with OPTIONS; no one may be writing meanwhile."""
    connection.execute("SELECT pristine.restore()")
