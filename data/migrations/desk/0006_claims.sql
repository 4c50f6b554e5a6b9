-- Who is reviewing now: a corrected order waits a while for the one who sent it back, when they are here.
CREATE TABLE reviewers_at_work (
    login TEXT NOT NULL PRIMARY KEY,
    seen_at {int} NOT NULL
) {strict};

-- Claims that ended unused and went to somebody else; the one who had it is told once.
CREATE TABLE lost_claims (
    id {id},
    login TEXT NOT NULL,
    order_no TEXT NOT NULL REFERENCES orders (no),
    taken_by TEXT NOT NULL,
    at {int} NOT NULL,
    told {int} NOT NULL DEFAULT 0
) {strict};
CREATE INDEX lost_claims_untold ON lost_claims (login, id) WHERE told = 0;
