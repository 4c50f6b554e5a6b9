-- The journal of KEYs says before a step that it begins: after a crash it is known at which one the KEY stood. '' between
-- two steps.
ALTER TABLE key_jobs ADD COLUMN beginning TEXT NOT NULL DEFAULT '';

-- A certificate of a KEY that was given up before it was bound was never in anybody's hands: a replacement cannot mean it.
CREATE INDEX key_jobs_given_up ON key_jobs (certificate_serial) WHERE abandoned = 1;
