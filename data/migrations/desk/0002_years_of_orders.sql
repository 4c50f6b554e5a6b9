-- What keeps a desk quick after years: every list that a panel shows has its index, and what was counted anew from the
-- whole history is kept.

-- A day of Shanghai (days since 1970), the arrivals in a state and the departures from it.
CREATE TABLE state_days (
    day {int} NOT NULL,
    state TEXT NOT NULL,
    came {int} NOT NULL,
    gone {int} NOT NULL,
    PRIMARY KEY (day, state)
) {strict};
INSERT INTO state_days (day, state, came, gone)
    SELECT day, state, SUM(came), SUM(gone) FROM (
        SELECT (at + 28800000) / 86400000 AS day, to_state AS state, 1 AS came, 0 AS gone FROM state_changes
        UNION ALL
        SELECT (at + 28800000) / 86400000, from_state, 0, 1 FROM state_changes WHERE from_state <> ''
    ) AS passages GROUP BY day, state;

-- 1 when a payment has its invoice or was refunded as a whole: the few others are found without looking at all.
ALTER TABLE payments ADD COLUMN settled {int} NOT NULL DEFAULT 0;
UPDATE payments SET settled = 1 WHERE no IN (SELECT payment_no FROM invoices)
    OR orders = (SELECT COUNT(*) FROM orders o WHERE o.payment_no = payments.no AND o.state = 'refunded');
CREATE INDEX payments_to_invoice ON payments (paid_at, no) WHERE settled = 0;

CREATE INDEX orders_by_time ON orders (waiting_since, no);
CREATE INDEX certificates_by_time ON certificates (created_at, serial);
CREATE INDEX certificates_revoked ON certificates (revoked_at, serial) WHERE revoked_at > 0;
CREATE INDEX key_jobs_open ON key_jobs (id) WHERE abandoned = 0 AND step <> 'bind';
CREATE INDEX shipments_by_handing_over ON shipments (handed_over_at, id);
