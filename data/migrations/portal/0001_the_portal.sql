-- The portal's own database. Types that differ between SQLite and PostgreSQL are written {int}, {id}, {strict}.
-- Times are ms UTC, enumerations the names of the code. `document` is the order as the contract gives it.

CREATE TABLE orders (
    no TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    applicant_state TEXT NOT NULL,
    revision {int} NOT NULL,
    subject_name TEXT NOT NULL,
    document_number TEXT NOT NULL,
    mobile TEXT NOT NULL,
    payment_no TEXT NOT NULL,
    waybill TEXT NOT NULL DEFAULT '',
    reasons TEXT NOT NULL DEFAULT '[]',
    document TEXT NOT NULL,
    placed_at {int} NOT NULL,
    changed_at {int} NOT NULL
) {strict};
CREATE INDEX orders_by_mobile ON orders (mobile);
CREATE INDEX orders_by_payment ON orders (payment_no);
CREATE INDEX orders_by_document ON orders (document_number);

-- What desks read in order: seq has no gaps and grows in the order of commits.
CREATE TABLE events (
    seq {int} NOT NULL PRIMARY KEY,
    at {int} NOT NULL,
    kind TEXT NOT NULL,
    order_no TEXT NOT NULL REFERENCES orders (no),
    revision {int} NOT NULL
) {strict};

-- What desks told, once per uuid; `body` as it came, so that a repeat can be told from a mistake.
CREATE TABLE acts (
    uuid TEXT NOT NULL PRIMARY KEY,
    order_no TEXT NOT NULL REFERENCES orders (no),
    revision {int} NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    desk TEXT NOT NULL,
    applied_at {int} NOT NULL
) {strict};
CREATE INDEX acts_by_order ON acts (order_no, applied_at);

-- A desk proves itself with a token; only its SHA-256 is here.
CREATE TABLE desks (
    name TEXT NOT NULL PRIMARY KEY,
    token_sha256 TEXT NOT NULL UNIQUE,
    added_at {int} NOT NULL
) {strict};
