-- When the portal acknowledged a revocation list; 0: not yet.
ALTER TABLE crls ADD COLUMN portal_told_at {int} NOT NULL DEFAULT 0;
