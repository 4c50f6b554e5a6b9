-- The newest revocation list that a desk sent, as it is handed out: DER in base64.
CREATE TABLE revocation_lists (
    number {int} NOT NULL PRIMARY KEY,
    der TEXT NOT NULL,
    next_update {int} NOT NULL,
    desk TEXT NOT NULL,
    received_at {int} NOT NULL
) {strict};
