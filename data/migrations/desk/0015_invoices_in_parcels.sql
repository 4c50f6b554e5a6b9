-- In which parcel an invoice lies: of a payment with several parcels in one of them, and the slips of the others say where.
CREATE TABLE enclosed_invoices (
    number TEXT NOT NULL PRIMARY KEY,
    shipment_id {int} NOT NULL REFERENCES shipments (id),
    at {int} NOT NULL
) {strict};
CREATE INDEX enclosed_invoices_by_shipment ON enclosed_invoices (shipment_id);

-- What was printed so far lies where it was printed for.
INSERT INTO enclosed_invoices (number, shipment_id, at)
SELECT p.subject, MIN(s.id), MIN(p.asked_at) FROM print_jobs p JOIN shipments s ON p.batch = 'parcel ' || CAST(s.id AS TEXT)
WHERE p.kind = 'invoice' GROUP BY p.subject;
