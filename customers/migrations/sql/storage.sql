-- Options of tables and indexes that Django does not support.

-- Losing the counts in a crash does no harm; writing them to the log would slow each request.
ALTER TABLE customers_requestcount SET UNLOGGED;

-- The planner chooses its way by how common the beginning of a word is. Most words are rare, so it
-- needs statistics of more of them.
ALTER INDEX customer_words ALTER COLUMN 1 SET STATISTICS 500;
