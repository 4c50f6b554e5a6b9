-- Types that differ between SQLite and PostgreSQL are written {int}, {id}, {strict}; see storage/database.cpp.
-- Times are ms UTC, amounts fen, enumerations the names of the code.

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) {strict};

CREATE TABLE staff (
    id {id},
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    failures {int} NOT NULL DEFAULT 0,
    locked_until {int} NOT NULL DEFAULT 0,
    active {int} NOT NULL DEFAULT 1
) {strict};

CREATE TABLE audit (
    seq {int} NOT NULL PRIMARY KEY,
    at {int} NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
) {strict};
CREATE INDEX audit_by_subject ON audit (subject, seq);

CREATE TABLE payments (
    no TEXT NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    trade_no TEXT NOT NULL,
    freight {int} NOT NULL,
    handling_fee {int} NOT NULL,
    total {int} NOT NULL,
    orders {int} NOT NULL,
    paid_at {int} NOT NULL
) {strict};
CREATE INDEX payments_by_time ON payments (paid_at);

CREATE TABLE orders (
    no TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    cause TEXT NOT NULL,
    replaced_certificate TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    document_kind TEXT NOT NULL,
    document_number TEXT NOT NULL,
    role TEXT NOT NULL,
    enterprise TEXT NOT NULL,
    handler TEXT NOT NULL,
    mobile TEXT NOT NULL,
    years {int} NOT NULL,
    quantity {int} NOT NULL,
    amount_certificate {int} NOT NULL,
    amount_key {int} NOT NULL,
    payment_no TEXT NOT NULL REFERENCES payments (no),
    title_kind TEXT NOT NULL,
    title_name TEXT NOT NULL,
    title_tax_number TEXT NOT NULL,
    delivery_method TEXT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_mobile TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    revision {int} NOT NULL,
    waiting_since {int} NOT NULL,
    approved_by TEXT NOT NULL DEFAULT '',
    claimed_by TEXT NOT NULL DEFAULT '',
    claimed_until {int} NOT NULL DEFAULT 0,
    row_version {int} NOT NULL DEFAULT 1
) {strict};
CREATE INDEX orders_by_state ON orders (state, waiting_since, no);
CREATE INDEX orders_by_payment ON orders (payment_no);
CREATE INDEX orders_by_document ON orders (document_number);

CREATE TABLE state_counts (
    state TEXT NOT NULL PRIMARY KEY,
    orders {int} NOT NULL
) {strict};

-- Every arrival of an order in a state: what the daily report counts.
CREATE TABLE state_changes (
    id {id},
    order_no TEXT NOT NULL REFERENCES orders (no),
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    at {int} NOT NULL,
    actor TEXT NOT NULL
) {strict};
CREATE INDEX state_changes_by_time ON state_changes (at, to_state, from_state);
CREATE INDEX state_changes_by_order ON state_changes (order_no, id);

CREATE TABLE submissions (
    order_no TEXT NOT NULL REFERENCES orders (no),
    revision {int} NOT NULL,
    package_sha256 TEXT NOT NULL,
    package_name TEXT NOT NULL,
    package_bytes {int} NOT NULL,
    submitted_at {int} NOT NULL,
    PRIMARY KEY (order_no, revision)
) {strict};

CREATE TABLE decisions (
    id {id},
    order_no TEXT NOT NULL REFERENCES orders (no),
    revision {int} NOT NULL,
    verdict TEXT NOT NULL,
    note TEXT NOT NULL,
    staff TEXT NOT NULL,
    at {int} NOT NULL,
    waiting_since {int} NOT NULL DEFAULT 0,
    undone {int} NOT NULL DEFAULT 0
) {strict};
CREATE INDEX decisions_by_order ON decisions (order_no, id);
CREATE INDEX decisions_by_time ON decisions (at);

CREATE TABLE decision_reasons (
    decision_id {int} NOT NULL REFERENCES decisions (id),
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (decision_id, code)
) {strict};

-- The outbox. An act keeps its uuid for ever; the portal applies it once.
CREATE TABLE acts (
    id {id},
    uuid TEXT NOT NULL UNIQUE,
    order_no TEXT NOT NULL REFERENCES orders (no),
    revision {int} NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at {int} NOT NULL,
    not_before {int} NOT NULL,
    attempts {int} NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    sent_at {int} NOT NULL DEFAULT 0
) {strict};
CREATE INDEX acts_by_state ON acts (state, not_before, id);
CREATE INDEX acts_by_order ON acts (order_no, id);

CREATE TABLE feed (
    name TEXT NOT NULL PRIMARY KEY,
    seq {int} NOT NULL,
    heard_at {int} NOT NULL
) {strict};

-- Events that could not be taken: kept whole, shown to a person, never lost.
CREATE TABLE feed_faults (
    seq {int} NOT NULL PRIMARY KEY,
    event TEXT NOT NULL,
    reason TEXT NOT NULL,
    at {int} NOT NULL,
    settled {int} NOT NULL DEFAULT 0
) {strict};

CREATE TABLE refunds (
    order_no TEXT NOT NULL PRIMARY KEY REFERENCES orders (no),
    amount {int} NOT NULL,
    at {int} NOT NULL,
    state TEXT NOT NULL
) {strict};
CREATE INDEX refunds_by_time ON refunds (at);

CREATE TABLE keys (
    serial TEXT NOT NULL PRIMARY KEY,
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    order_no TEXT NOT NULL DEFAULT '',
    unit_no {int} NOT NULL DEFAULT 0,
    updated_at {int} NOT NULL
) {strict};
CREATE INDEX keys_by_order ON keys (order_no);

-- One row for each KEY an order needs; the journal of writing it. `step` is the last one finished.
CREATE TABLE key_jobs (
    id {id},
    order_no TEXT NOT NULL REFERENCES orders (no),
    unit_no {int} NOT NULL,
    key_serial TEXT NOT NULL,
    step TEXT NOT NULL,
    certificate_serial TEXT NOT NULL DEFAULT '',
    request TEXT NOT NULL DEFAULT '',
    officer TEXT NOT NULL,
    started_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    abandoned {int} NOT NULL DEFAULT 0
) {strict};
CREATE UNIQUE INDEX key_jobs_live ON key_jobs (order_no, unit_no) WHERE abandoned = 0;
CREATE UNIQUE INDEX key_jobs_key ON key_jobs (key_serial) WHERE abandoned = 0;

CREATE TABLE certificates (
    serial TEXT NOT NULL PRIMARY KEY,
    order_no TEXT NOT NULL REFERENCES orders (no),
    unit_no {int} NOT NULL,
    key_serial TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    document_number TEXT NOT NULL,
    state TEXT NOT NULL,
    pem TEXT NOT NULL DEFAULT '',
    not_before {int} NOT NULL,
    not_after {int} NOT NULL,
    created_at {int} NOT NULL,
    revoked_at {int} NOT NULL DEFAULT 0,
    revocation_reason {int} NOT NULL DEFAULT 0,
    replaces TEXT NOT NULL DEFAULT ''
) {strict};
CREATE INDEX certificates_by_order ON certificates (order_no);
CREATE INDEX certificates_by_document ON certificates (document_number, state);
CREATE INDEX certificates_by_key ON certificates (key_serial);

CREATE TABLE crls (
    number {int} NOT NULL PRIMARY KEY,
    pem TEXT NOT NULL,
    this_update {int} NOT NULL,
    next_update {int} NOT NULL
) {strict};

-- Gapless numbers (invoices, waybills): `next` moves in the transaction that uses the number.
CREATE TABLE number_ranges (
    name TEXT NOT NULL PRIMARY KEY,
    pattern TEXT NOT NULL,
    next {int} NOT NULL,
    last {int} NOT NULL
) {strict};

CREATE TABLE invoices (
    number TEXT NOT NULL PRIMARY KEY,
    payment_no TEXT NOT NULL UNIQUE REFERENCES payments (no),
    title_kind TEXT NOT NULL,
    title_name TEXT NOT NULL,
    title_tax_number TEXT NOT NULL,
    total {int} NOT NULL,
    tax {int} NOT NULL,
    document TEXT NOT NULL,
    issued_by TEXT NOT NULL,
    issued_at {int} NOT NULL
) {strict};
CREATE INDEX invoices_by_time ON invoices (issued_at);

CREATE TABLE shipments (
    id {id},
    payment_no TEXT NOT NULL REFERENCES payments (no),
    method TEXT NOT NULL,
    recipient TEXT NOT NULL,
    mobile TEXT NOT NULL,
    address TEXT NOT NULL,
    courier TEXT NOT NULL,
    waybill TEXT NOT NULL,
    state TEXT NOT NULL,
    packed_by TEXT NOT NULL,
    packed_at {int} NOT NULL,
    handed_over_at {int} NOT NULL DEFAULT 0,
    prints {int} NOT NULL DEFAULT 0
) {strict};
CREATE UNIQUE INDEX shipments_waybill ON shipments (waybill) WHERE waybill <> '';
CREATE INDEX shipments_by_state ON shipments (state, id);

CREATE TABLE shipment_orders (
    order_no TEXT NOT NULL PRIMARY KEY REFERENCES orders (no),
    shipment_id {int} NOT NULL REFERENCES shipments (id)
) {strict};
CREATE INDEX shipment_orders_by_shipment ON shipment_orders (shipment_id);
