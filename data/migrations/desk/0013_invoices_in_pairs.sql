-- Invoices may be one for an order, be voided, be answered by a red letter, and come from a service.
CREATE TABLE invoices_kept (
    number TEXT NOT NULL PRIMARY KEY,
    payment_no TEXT NOT NULL REFERENCES payments (no),
    order_no TEXT NOT NULL DEFAULT '',
    title_kind TEXT NOT NULL,
    title_name TEXT NOT NULL,
    title_tax_number TEXT NOT NULL,
    total {int} NOT NULL,
    tax {int} NOT NULL,
    document TEXT NOT NULL,
    issued_by TEXT NOT NULL,
    issued_at {int} NOT NULL,
    source TEXT NOT NULL DEFAULT 'range',
    state TEXT NOT NULL DEFAULT 'live',
    reverses TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT ''
) {strict};
INSERT INTO invoices_kept SELECT number, payment_no, '', title_kind, title_name, title_tax_number, total, tax, document,
    issued_by, issued_at, 'range', 'live', '', '' FROM invoices;
DROP TABLE invoices;
ALTER TABLE invoices_kept RENAME TO invoices;
CREATE INDEX invoices_by_time ON invoices (issued_at);
CREATE UNIQUE INDEX invoices_live ON invoices (payment_no, order_no) WHERE state = 'live';
CREATE INDEX invoices_of_payment ON invoices (payment_no);
CREATE INDEX invoices_reversing ON invoices (reverses) WHERE reverses <> '';

-- 1: one invoice for each order of the payment.
ALTER TABLE payments ADD COLUMN invoice_each {int} NOT NULL DEFAULT 0;

-- Titles that were put right at the desk. `order_no` is '' for the payment as a whole.
CREATE TABLE invoice_titles (
    payment_no TEXT NOT NULL,
    order_no TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    tax_number TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at {int} NOT NULL,
    PRIMARY KEY (payment_no, order_no)
) {strict};

-- Sheets with a number of the range that were spoiled before anything was issued on them.
CREATE TABLE spoiled_sheets (
    number TEXT NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    noted_at {int} NOT NULL
) {strict};

-- What an invoice service was asked for. `reference` is the same in each repetition, so that it gives one invoice.
CREATE TABLE invoice_requests (
    id {id},
    reference TEXT NOT NULL UNIQUE,
    payment_no TEXT NOT NULL,
    order_no TEXT NOT NULL,
    reverses TEXT NOT NULL,
    reason TEXT NOT NULL,
    follow {int} NOT NULL,
    document TEXT NOT NULL,
    state TEXT NOT NULL,
    service_no TEXT NOT NULL DEFAULT '',
    number TEXT NOT NULL DEFAULT '',
    files TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL DEFAULT '',
    attempts {int} NOT NULL DEFAULT 0,
    next_try {int} NOT NULL DEFAULT 0,
    asked_by TEXT NOT NULL,
    asked_name TEXT NOT NULL,
    asked_at {int} NOT NULL,
    changed_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX invoice_requests_blue ON invoice_requests (payment_no, order_no)
    WHERE reverses = '' AND state IN ('asking', 'waiting', 'failed');
CREATE UNIQUE INDEX invoice_requests_red ON invoice_requests (reverses)
    WHERE reverses <> '' AND state IN ('asking', 'waiting', 'confirming', 'failed');
CREATE INDEX invoice_requests_open ON invoice_requests (id) WHERE state IN ('asking', 'waiting', 'confirming', 'failed', 'fetching');
