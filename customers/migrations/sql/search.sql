-- The words of a customer, and the query for what is typed into a search. `customers.models.search`
-- uses these functions and says what they are for.

-- Most text is ASCII and skips the work that only other letters need. The cost makes the planner
-- prefer an index to making the words of a thousand rows.
CREATE FUNCTION customers_plain(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 1000 AS $$
BEGIN
    given := lower(given);
    IF octet_length(given) <> char_length(given) THEN
        given := translate(
            lower(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]+', '', 'g')),
            'łøđıħŧ', 'lodiht'
        );
    END IF;
    RETURN regexp_replace(
        given,
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+',
        ' ', 'g'
    );
END
$$;

-- A word of a text search has at most 2046 bytes: normalizing may make one longer.
CREATE FUNCTION customers_words(given text) RETURNS tsvector
LANGUAGE SQL IMMUTABLE PARALLEL SAFE COST 1000 AS $$
    SELECT array_to_tsvector(coalesce(array_agg(left(word, 255)), '{}'))
    FROM unnest(string_to_array("public".customers_plain(given), ' ')) AS word
    WHERE word <> ''
$$;

CREATE FUNCTION customers_words_query(given text) RETURNS tsquery
LANGUAGE SQL IMMUTABLE PARALLEL SAFE STRICT AS $$
    -- Nothing in a word means anything to tsquery: its signs stand between words.
    SELECT CASE
        WHEN given ~ '^[0-9+() ./-]{6,}$' AND words IS NOT NULL
        THEN words || (quote_literal(left(regexp_replace(given, '[^0-9]+', '', 'g'), 255)) || ':*')::tsquery
        ELSE words
    END
    FROM (
        SELECT string_agg(quote_literal(left(word, 255)) || ':*', ' & ')::tsquery AS words
        FROM unnest(string_to_array("public".customers_plain(given), ' ')) AS word
        WHERE word <> ''
    ) AS typed
$$;
