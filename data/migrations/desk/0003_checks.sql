-- What the checks found before a person looked. Shares are kept in millionths.

-- Facts of one page of one uploaded file: the same file is looked at once.
CREATE TABLE page_facts (
    file_sha256 TEXT NOT NULL,
    page {int} NOT NULL,
    picture_sha256 TEXT NOT NULL,
    perceptual TEXT NOT NULL,
    width {int} NOT NULL,
    height {int} NOT NULL,
    dpi {int} NOT NULL,
    ink {int} NOT NULL,
    sharpness {int} NOT NULL,
    red {int} NOT NULL,
    orientation TEXT NOT NULL,
    stamp_x {int} NOT NULL,
    stamp_y {int} NOT NULL,
    stamp_across {int} NOT NULL,
    stamp_ring {int} NOT NULL,
    looked_at {int} NOT NULL,
    PRIMARY KEY (file_sha256, page)
) {strict};
CREATE INDEX page_facts_by_picture ON page_facts (picture_sha256);

-- Which pages a submission has: how a page is found again in another order.
CREATE TABLE order_pages (
    order_no TEXT NOT NULL REFERENCES orders (no),
    revision {int} NOT NULL,
    number {int} NOT NULL,
    file_sha256 TEXT NOT NULL,
    page {int} NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (order_no, revision, number)
) {strict};
CREATE INDEX order_pages_by_file ON order_pages (file_sha256, page);

-- What was read on a page, by its picture; the text and its boxes as JSON.
CREATE TABLE page_texts (
    picture_sha256 TEXT NOT NULL PRIMARY KEY,
    engine TEXT NOT NULL,
    text TEXT NOT NULL,
    read_at {int} NOT NULL
) {strict};

-- The newest run for an order; what it saw tells when it must run again.
CREATE TABLE check_runs (
    order_no TEXT NOT NULL PRIMARY KEY REFERENCES orders (no),
    revision {int} NOT NULL,
    rules_version {int} NOT NULL,
    papers TEXT NOT NULL,
    paid_together {int} NOT NULL,
    ran_at {int} NOT NULL
) {strict};

CREATE TABLE findings (
    order_no TEXT NOT NULL REFERENCES orders (no),
    revision {int} NOT NULL,
    rule TEXT NOT NULL,
    rule_version {int} NOT NULL,
    item TEXT NOT NULL,
    place {int} NOT NULL,
    verdict TEXT NOT NULL,
    field TEXT NOT NULL,
    word TEXT NOT NULL,
    evidence TEXT NOT NULL,
    basis TEXT NOT NULL,
    stated TEXT NOT NULL,
    seen TEXT NOT NULL,
    page {int} NOT NULL,
    reason TEXT NOT NULL,
    found_at {int} NOT NULL,
    PRIMARY KEY (order_no, revision, rule, item)
) {strict};
CREATE INDEX findings_by_verdict ON findings (order_no, verdict);

-- A person's reason why a finding does not stand; it holds while the values that were judged are the same.
CREATE TABLE finding_overrides (
    id {id},
    order_no TEXT NOT NULL REFERENCES orders (no),
    rule TEXT NOT NULL,
    item TEXT NOT NULL,
    basis TEXT NOT NULL,
    reason TEXT NOT NULL,
    staff TEXT NOT NULL,
    at {int} NOT NULL,
    withdrawn {int} NOT NULL DEFAULT 0
) {strict};
CREATE UNIQUE INDEX finding_overrides_live ON finding_overrides (order_no, rule, item, basis) WHERE withdrawn = 0;
