-- Invoices of a service that nobody has on paper yet: paper_due is 1 from the number on until it is printed, with its parcel or
-- by itself, or somebody says how the applicant got it. paper_trouble: why it could not be printed, as told to the person.
ALTER TABLE invoice_requests ADD COLUMN paper_due {int} NOT NULL DEFAULT 0;
ALTER TABLE invoice_requests ADD COLUMN paper_trouble TEXT NOT NULL DEFAULT '';
CREATE INDEX invoice_requests_paper_due ON invoice_requests (id) WHERE paper_due = 1;
UPDATE invoice_requests SET paper_due = 1 WHERE state = 'fetching' AND reverses = ''
    AND number NOT IN (SELECT number FROM enclosed_invoices);
-- late is 1 when it was printed after the parcel's own papers: somebody has to put it in.
ALTER TABLE enclosed_invoices ADD COLUMN late {int} NOT NULL DEFAULT 0;
