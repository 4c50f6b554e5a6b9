-- Electronic seals. What was made is never changed or taken away; a seal that must not be used any more is withdrawn.

-- A picture that an officer accepted for an order, as Base64.
CREATE TABLE seal_pictures (
    id {id},
    order_no TEXT NOT NULL REFERENCES orders (no),
    sha256 TEXT NOT NULL,
    source TEXT NOT NULL,
    description TEXT NOT NULL,
    kind TEXT NOT NULL,
    width {int} NOT NULL,
    height {int} NOT NULL,
    bytes TEXT NOT NULL,
    accepted_by TEXT NOT NULL,
    accepted_at {int} NOT NULL
) {strict};
CREATE INDEX seal_pictures_by_order ON seal_pictures (order_no, id);

CREATE TABLE seals (
    id TEXT NOT NULL PRIMARY KEY,
    order_no TEXT NOT NULL REFERENCES orders (no),
    key_serial TEXT NOT NULL,
    certificate_serial TEXT NOT NULL,
    name TEXT NOT NULL,
    type {int} NOT NULL,
    picture_sha256 TEXT NOT NULL,
    maker_serial TEXT NOT NULL,
    valid_from {int} NOT NULL,
    valid_until {int} NOT NULL,
    state TEXT NOT NULL,
    der TEXT NOT NULL,
    made_at {int} NOT NULL,
    withdrawn_at {int} NOT NULL DEFAULT 0,
    withdrawn_because TEXT NOT NULL DEFAULT ''
) {strict};
CREATE INDEX seals_by_order ON seals (order_no);
CREATE UNIQUE INDEX seals_live ON seals (certificate_serial, key_serial) WHERE state = 'made';
