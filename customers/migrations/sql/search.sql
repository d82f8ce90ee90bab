-- The text by which a customer is searched, and the conditions that ask for a part of it.
-- `customers.models.search` uses these functions and says what they are for.

-- Lower case, no accents, compatibility forms resolved, and one space for what is neither letter nor
-- digit; line ends stay. Most text is ASCII and skips the work that only other letters need.
CREATE FUNCTION customers_plain(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    IF octet_length(given) = char_length(given) THEN
        RETURN regexp_replace(lower(given), '[^a-z0-9\n]+', ' ', 'g');
    END IF;
    given := regexp_replace(
        normalize(given, NFKD),
        -- Marks of letters: general, Cyrillic, Hebrew, Arabic, Japanese.
        '[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a'
        '\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]+',
        '', 'g'
    );
    -- By way of upper case, as Greek has two small sigmas.
    given := lower("public".unaccent('"public".unaccent', lower(upper(given))));
    RETURN regexp_replace(given, '[^[:alnum:]\n]+', ' ', 'g');
END
$$;

-- The same with a mark (U+01C0, a letter) around each letter beyond ASCII: 云海 becomes ǀ云ǀ海ǀ.
-- So even one such letter is a trigram, and what follows a letter of ASCII is always ASCII.
CREATE FUNCTION customers_marked(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    given := "public".customers_plain(given);
    IF octet_length(given) = char_length(given) THEN
        RETURN given;
    END IF;
    given := regexp_replace(replace(given, 'ǀ', ''), '([^\u0001-\u007f])', '\1ǀ', 'g');
    RETURN regexp_replace(given, '([^\u0001-\u007f]+)', ' ǀ\1 ', 'g');
END
$$;

-- What a search reads: every text on a line of its own.
CREATE FUNCTION customers_lines(VARIADIC given text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN "public".customers_marked(array_to_string(given, E'\n') || E'\n');
END
$$;

-- A card's expiry as people write it: 07/2027, 07/27, 2027-07.
CREATE FUNCTION customers_expiry(month smallint, year smallint) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE RETURN
    lpad(month::text, 2, '0') || '/' || year || E'\n'
    || lpad(month::text, 2, '0') || '/' || right(year::text, 2) || E'\n'
    || year || '-' || lpad(month::text, 2, '0');

-- A part of such a text as it is sought there. It has no wildcard: those are neither letter nor digit.
CREATE FUNCTION customers_sought(part text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE RETURN btrim("public".customers_marked(part), E' \n');

-- Reading a long text takes longer than the planner thinks, which gives every comparison the cost of
-- two numbers': it would rather read all rows than those that an index finds. This has the cost alone.
-- It also keeps a search to one process: starting others takes longer than a search may.
CREATE FUNCTION customers_read(lines text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE COST 1000 AS $$ BEGIN RETURN ''; END $$;

-- The conditions. PostgreSQL puts their bodies in their place when it plans, where only the branch
-- that applies to the given part remains, as a condition that a trigram index answers.

-- (chr(37) is the per cent sign, which a driver would take for a placeholder.)

-- One letter of ASCII has no trigram: it is left to the other indexes. Two are 37 trigrams with what
-- may follow them.
CREATE FUNCTION customers_lines_contain(lines text, part text) RETURNS boolean
LANGUAGE SQL IMMUTABLE PARALLEL UNSAFE RETURN
    CASE WHEN "public".customers_sought(part) ~ '^[a-z0-9]?$'
    THEN strpos(lines, "public".customers_sought(part)) > 0
    WHEN "public".customers_sought(part) ~ '^[a-z0-9]{2}$'
    THEN lines ~ ("public".customers_sought(part) || '[a-z0-9 \n]')
    ELSE lines LIKE chr(37) || "public".customers_sought(part) || chr(37) END
    AND "public".customers_read(lines) IS NOT NULL;

-- Whether a field contains a part, but for case and normalization form. As a comparison with a number
-- it is thought to be true of one row in 200. As a bare condition it would be one in three, and the
-- planner would walk a list in vain where the part is in other fields than this one.
CREATE FUNCTION customers_fold(given text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN octet_length(given) = char_length(given) THEN lower(given)
    ELSE normalize(translate(lower(normalize(given, NFC)), 'ς', 'σ'), NFC) END;

CREATE FUNCTION customers_field_contains(field text, part text) RETURNS boolean
LANGUAGE SQL IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN strpos("public".customers_fold(field), "public".customers_fold(part)) > 0 THEN 1 END
    = 1;
