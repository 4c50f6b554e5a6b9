-- What was handed to a printer, what a courier was asked for, and what went out of the house with whom.

-- One print of one document. `copy_no` 1 is the first; a later one has its reason. A printer gets it at most once: the
-- printer's own number of the job stands here before it gets the document.
CREATE TABLE print_jobs (
    id {id},
    desk TEXT NOT NULL,
    batch TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    copy_no {int} NOT NULL,
    reason TEXT NOT NULL,
    printer TEXT NOT NULL,
    format TEXT NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    copies {int} NOT NULL,
    state TEXT NOT NULL,
    printer_job {int} NOT NULL DEFAULT 0,
    said TEXT NOT NULL DEFAULT '',
    attempts {int} NOT NULL DEFAULT 0,
    next_try {int} NOT NULL DEFAULT 0,
    asked_by TEXT NOT NULL,
    asked_at {int} NOT NULL,
    changed_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX print_jobs_once ON print_jobs (kind, subject, copy_no);
CREATE INDEX print_jobs_open ON print_jobs (desk, id) WHERE state IN ('waiting', 'sending', 'printing', 'stopped', 'cancelling');
CREATE INDEX print_jobs_by_time ON print_jobs (desk, asked_at, id);

-- Every waybill number that was ever taken, and every one that a courier was asked for: `reference` is the same in each
-- repetition, so that the courier gives the same number.
CREATE TABLE waybills (
    id {id},
    shipment_id {int} NOT NULL REFERENCES shipments (id),
    reference TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    courier TEXT NOT NULL,
    waybill TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    place TEXT NOT NULL,
    routing TEXT NOT NULL DEFAULT '',
    courier_order TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    attempts {int} NOT NULL DEFAULT 0,
    next_try {int} NOT NULL DEFAULT 0,
    asked_by TEXT NOT NULL,
    asked_at {int} NOT NULL,
    changed_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX waybills_number ON waybills (waybill) WHERE waybill <> '';
CREATE UNIQUE INDEX waybills_live ON waybills (shipment_id) WHERE state IN ('asking', 'failed', 'live');
CREATE INDEX waybills_open ON waybills (id) WHERE state IN ('asking', 'failed', 'cancelling');
INSERT INTO waybills (shipment_id, reference, source, courier, waybill, state, place, asked_by, asked_at, changed_at)
    SELECT id, 'before-' || id, 'range', courier, waybill, 'live', '', packed_by, packed_at, packed_at
    FROM shipments WHERE waybill <> '';

-- The KEYs that were seen going into a parcel: by the scanner, or read from the port.
CREATE TABLE packed_keys (
    serial TEXT NOT NULL,
    shipment_id {int} NOT NULL REFERENCES shipments (id),
    seen TEXT NOT NULL,
    PRIMARY KEY (shipment_id, serial)
) {strict};

-- Orders of one payment and place that somebody decided to wait for.
CREATE TABLE parcel_waits (
    payment_no TEXT NOT NULL,
    place TEXT NOT NULL,
    waits_for TEXT NOT NULL,
    staff TEXT NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (payment_no, place)
) {strict};

-- What one courier took at one time. `open` while it is scanned together.
CREATE TABLE manifests (
    id {id},
    courier TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_at {int} NOT NULL,
    closed_by TEXT NOT NULL DEFAULT '',
    closed_at {int} NOT NULL DEFAULT 0,
    taken_by TEXT NOT NULL DEFAULT ''
) {strict};
CREATE UNIQUE INDEX manifests_open ON manifests (courier) WHERE state = 'open';

ALTER TABLE shipments ADD COLUMN manifest_id {int} NOT NULL DEFAULT 0;
-- 1 from packing until its papers are among the print jobs.
ALTER TABLE shipments ADD COLUMN papers_due {int} NOT NULL DEFAULT 0;
-- The address on the label that was printed last; '' before the first.
ALTER TABLE shipments ADD COLUMN printed_place TEXT NOT NULL DEFAULT '';
ALTER TABLE shipments ADD COLUMN delivered_at {int} NOT NULL DEFAULT 0;
ALTER TABLE shipments ADD COLUMN asked_courier_at {int} NOT NULL DEFAULT 0;
ALTER TABLE shipments ADD COLUMN followed_up TEXT NOT NULL DEFAULT '';
CREATE INDEX shipments_by_manifest ON shipments (manifest_id, id) WHERE manifest_id > 0;
CREATE INDEX shipments_under_way ON shipments (asked_courier_at, id) WHERE state = 'handed_over' AND delivered_at = 0;
CREATE INDEX shipments_delivered ON shipments (delivered_at, id) WHERE delivered_at > 0 AND followed_up = '';

CREATE TABLE tracking (
    waybill TEXT NOT NULL,
    at {int} NOT NULL,
    text TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (waybill, at, text)
) {strict};

-- The first time a KEY was seen in use after it was shipped.
CREATE TABLE key_uses (
    serial TEXT NOT NULL PRIMARY KEY,
    first_used_at {int} NOT NULL
) {strict};
