-- Finding an order by a part of a name or number. What stands here is computed by src/search, which also fills it for the
-- orders that were there before.

-- Names without case, width and spaces, one a line; the initials of their pinyin likewise.
CREATE TABLE search_orders (
    id {id},
    order_no TEXT NOT NULL UNIQUE REFERENCES orders (no),
    names TEXT NOT NULL,
    initials TEXT NOT NULL
) {strict};

-- The pieces of two and three characters of names and initials. No content: search_orders has it.
{sqlite} CREATE VIRTUAL TABLE search_terms USING fts5 (terms, content = '', detail = none, tokenize = 'ascii');
{postgresql} ALTER TABLE search_orders ADD COLUMN terms TEXT[] NOT NULL DEFAULT '{}';
{postgresql} CREATE INDEX search_orders_terms ON search_orders USING GIN (terms);

-- Numbers in upper case; kind is twice that of search.h, one more for a number that is turned round.
CREATE TABLE search_numbers (
    kind {int} NOT NULL,
    value TEXT {bytewise} NOT NULL,
    order_no TEXT NOT NULL REFERENCES orders (no),
    PRIMARY KEY (kind, value, order_no)
) {by_key};
