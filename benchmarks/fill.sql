-- :customers customers of one organization and a hundredth of that of another, made from hashes of
-- their numbers: the same in every run.
-- Run by back_office.py in an empty, migrated database.

INSERT INTO customers_organization (id, created_at, updated_at, version, slug, name)
VALUES
    ('0177ed04-0680-7000-bf8f-ca899acff28f', '2021-03-01 09:00Z', '2021-03-01 09:00Z', 1, 'acme', 'Acme'),
    ('0177ed04-0680-7000-bf8f-ca899acff290', '2021-03-01 09:00Z', '2021-03-01 09:00Z', 1, 'globex', 'Globex');

-- A random number below `sides`: a hash of the customer's number and of the part that needs it.
CREATE FUNCTION pg_temp.chance(number bigint, part text, sides int) RETURNS int
LANGUAGE SQL IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(part || number), 1, 7))::bit(28)::int) % sides
$$;
CREATE FUNCTION pg_temp.one_of(number bigint, part text, choices text[]) RETURNS text
LANGUAGE SQL IMMUTABLE AS $$
    SELECT choices[1 + pg_temp.chance(number, part, cardinality(choices))]
$$;
-- The UUIDv7 that customers/values/uuid7.py makes from a time.
CREATE FUNCTION pg_temp.uuid7(at timestamptz, random text) RETURNS uuid
LANGUAGE SQL IMMUTABLE AS $$
    SELECT (
        lpad(to_hex(us / 1000), 12, '0') || '7' || lpad(to_hex(mod(us, 1000) * 4096 / 1000), 3, '0')
        || '8' || left(random, 15)
    )::uuid
    FROM (SELECT (extract(epoch FROM at) * 1000000)::bigint AS us) AS time
$$;

INSERT INTO customers_customer (
    id, created_at, updated_at, version, organization_id, mode, external_id, name, legal_name, email,
    city, postal_code, country, phone, reference, processor_reference, metadata, archived_at
)
SELECT
    pg_temp.uuid7(at, md5(n::text)), at, at, 1,
    CASE WHEN n <= :customers THEN '0177ed04-0680-7000-bf8f-ca899acff28f'
    ELSE '0177ed04-0680-7000-bf8f-ca899acff290' END::uuid, 'live',
    'ext-' || n,
    first || ' ' || last,
    CASE WHEN pg_temp.chance(n, 'company', 2) = 0 THEN last || ' Holdings ' || n END,
    lower(first || '.' || last || n || '@') || pg_temp.one_of(n, 'domain', '{acme,hooli,piedpiper}')
        || '.example',
    pg_temp.one_of(n, 'city', '{Berlin,Kiel,Paris,London,Tokyo,Austin,Łódź}'),
    lpad(pg_temp.chance(n, 'postcode', 99999)::text, 5, '0'),
    pg_temp.one_of(n, 'country', '{US,US,US,US,DE,DE,GB,GB,FR,JP,CA,BR,PL,IN,NZ,SE}'),
    '+49 431 ' || n,
    'ref' || pg_temp.chance(n, 'reference', 1000),
    'cus_' || left(md5('stripe' || n), 14),
    '{"plan": "pro"}',
    CASE WHEN pg_temp.chance(n, 'archived', 50) = 0 THEN at + interval '1 day' END
FROM (
    SELECT
        n, timestamptz '2022-01-01' + n * interval '1 day' * 1700 / :customers AS at,
        pg_temp.one_of(n, 'first', '{Anna,Bela,Carl,Dora,Emil,Finn,Gina,Hugo,Ines,Jack,Kira,Lars}')
            || left(md5('f' || n / 7), 2) AS first,
        pg_temp.one_of(n, 'last', '{Adler,Baum,Clark,Doyle,Evans,Falk,Garcia,Hahn,Novak,Olsen}')
            || left(md5('l' || n), 2) AS last
    FROM generate_series(1, :customers + :customers / 100) AS n
) AS people;
ANALYZE customers_customer;

INSERT INTO customers_paymentmethod (
    id, created_at, updated_at, version, organization_id, mode, customer_id, type, brand, last4,
    exp_month, exp_year
)
SELECT
    pg_temp.uuid7(created_at, md5('method' || external_id)), created_at, created_at, 1,
    organization_id, mode, id, 'card', 'visa', '4242',
    1 + pg_temp.chance(substr(external_id, 5)::bigint, 'month', 12),
    2025 + pg_temp.chance(substr(external_id, 5)::bigint, 'year', 5)
FROM customers_customer WHERE external_id ~ '[05]$';

INSERT INTO customers_customeruser (
    id, created_at, updated_at, version, organization_id, mode, customer_id, email, first_name
)
SELECT
    pg_temp.uuid7(created_at, md5('user' || external_id)), created_at, created_at, 1,
    organization_id, mode, id, 'pay' || substr(external_id, 5) || '@initech.example',
    pg_temp.one_of(substr(external_id, 5)::bigint, 'user', '{Milton,Peter,Samir,Michael,Joanna}')
FROM customers_customer WHERE external_id ~ '[37]$';
VACUUM ANALYZE;
