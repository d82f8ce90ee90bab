-- Options of tables and indexes that Django does not support.

-- Losing the counts in a crash does no harm; writing them to the log would slow each request.
ALTER TABLE customers_requestcount SET UNLOGGED;

-- The planner chooses its way by how common the text is that is sought. Most is rare, so it needs
-- many rows to compare; it compares all of them for each search.
ALTER TABLE customers_customer ALTER COLUMN search_text SET STATISTICS 200;
