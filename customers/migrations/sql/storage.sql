-- What Django cannot say of tables and indexes.

-- A count that is lost in a crash costs nothing; writing it to the log would, with each request.
ALTER TABLE customers_requestcount SET UNLOGGED;

-- How common the beginning of a word is decides which way a search goes, and most words are rare:
-- the planner needs to know more of them.
ALTER INDEX customer_words ALTER COLUMN 1 SET STATISTICS 500;
