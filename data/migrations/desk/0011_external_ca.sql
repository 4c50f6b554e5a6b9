-- Certificates of an external CA: where they come from, and when that CA was told of their revocation.
ALTER TABLE certificates ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE certificates ADD COLUMN ca_told_at {int} NOT NULL DEFAULT 0;
