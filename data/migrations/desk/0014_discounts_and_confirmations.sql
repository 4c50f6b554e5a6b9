-- What is taken off an invoice, and since when a buyer may confirm a red letter.
-- `order_no` is '' for the payment as a whole.
CREATE TABLE invoice_discounts (
    payment_no TEXT NOT NULL,
    order_no TEXT NOT NULL,
    amount {int} NOT NULL,
    reason TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at {int} NOT NULL,
    PRIMARY KEY (payment_no, order_no)
) {strict};

-- 0: nobody has to confirm it.
ALTER TABLE invoice_requests ADD COLUMN confirming_since {int} NOT NULL DEFAULT 0;
UPDATE invoice_requests SET confirming_since = changed_at WHERE state = 'confirming';
