-- Deciding by the items of the checklist.

-- What a reviewer said about the items of one submission: all of them with the first word about any, those that nobody
-- has judged yet with staff ''. The items of a later submission begin from these. Reasons and crop are JSON, the picture
-- is a PNG in Base64; a half-written fault stands here as it is.
CREATE TABLE review_items (
    order_no TEXT NOT NULL REFERENCES orders (no),
    revision {int} NOT NULL,
    item TEXT NOT NULL,
    place {int} NOT NULL,
    title TEXT NOT NULL,
    required {int} NOT NULL,
    verdict TEXT NOT NULL,
    basis TEXT NOT NULL,
    carried {int} NOT NULL DEFAULT 0,
    reasons TEXT NOT NULL DEFAULT '[]',
    note TEXT NOT NULL DEFAULT '',
    crop TEXT NOT NULL DEFAULT '',
    picture TEXT NOT NULL DEFAULT '',
    staff TEXT NOT NULL DEFAULT '',
    at {int} NOT NULL DEFAULT 0,
    PRIMARY KEY (order_no, revision, item)
) {strict};

-- Which paper of the checklist a page was recognised as; '' for none.
ALTER TABLE order_pages ADD COLUMN material TEXT NOT NULL DEFAULT '';
