-- The numbers of customers, counted for each organization and mode.
--
-- Each of these has a sequence of its own. A counter in a row would be locked until the transaction
-- of its writer ends: an organization could create one customer at a time, and none at all while one
-- of its files is imported. A number that is drawn and not used is missing, as with every sequence.

-- The sequence of an organization and mode. It is made with the organization; here only where a
-- fixture has the customer before it.
CREATE FUNCTION customers_numbers(organization uuid, mode text) RETURNS regclass
LANGUAGE plpgsql AS $$
DECLARE
    name text := 'customers_number_' || replace(organization::text, '-', '') || '_' || mode;
    numbers regclass := to_regclass(name);
BEGIN
    IF numbers IS NULL THEN
        -- Of two that make it at once, one waits, and then finds it.
        PERFORM pg_advisory_xact_lock(hashtextextended(name, 0));
        EXECUTE 'CREATE SEQUENCE IF NOT EXISTS ' || quote_ident(name);
        numbers := to_regclass(name);
    END IF;
    RETURN numbers;
END
$$;

-- The number of a new customer: the one that it brings along, or else the next.
CREATE FUNCTION customers_number(organization uuid, mode text, own bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    numbers regclass := customers_numbers(organization, mode);
    last bigint;
BEGIN
    IF own IS NULL THEN
        RETURN nextval(numbers);
    END IF;
    -- No later customer gets it. Others may draw meanwhile, and setting the sequence to a number
    -- that they have passed would put it back: it is set only where it has far to go.
    last := coalesce(pg_sequence_last_value(numbers), 0);
    IF own - last > 1000 THEN
        PERFORM setval(numbers, own);
    ELSE
        WHILE last < own LOOP
            last := nextval(numbers);
        END LOOP;
    END IF;
    RETURN own;
END
$$;
