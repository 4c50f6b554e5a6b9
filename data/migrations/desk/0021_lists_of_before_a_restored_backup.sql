-- 1: it was published before an older backup was restored, and came back from where it was published.
ALTER TABLE crls ADD COLUMN taken_over {int} NOT NULL DEFAULT 0;
-- What such a list revokes and the register does not know: it stays on every list.
CREATE TABLE carried_revocations (
    serial TEXT NOT NULL PRIMARY KEY,
    revoked_at {int} NOT NULL,
    reason {int} NOT NULL
) {strict};
