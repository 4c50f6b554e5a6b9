-- What a courier may know that we do not. maybe_there is 1 from just before the courier is asked until it says no to exactly that
-- question: a number may exist there. first_asked: when this reference was used first; Kuaidi100 forgets a reference after 48
-- hours. said: what the courier answered when it would not cancel; a person decides (state 'stuck').
ALTER TABLE waybills ADD COLUMN maybe_there {int} NOT NULL DEFAULT 0;
ALTER TABLE waybills ADD COLUMN first_asked {int} NOT NULL DEFAULT 0;
ALTER TABLE waybills ADD COLUMN said TEXT NOT NULL DEFAULT '';
UPDATE waybills SET maybe_there = 1, first_asked = asked_at WHERE source IN ('kuaidi100', 'sf') AND waybill = ''
    AND (state IN ('asking', 'cancelling') OR (state = 'failed' AND attempts > 1));
DROP INDEX waybills_open;
CREATE INDEX waybills_open ON waybills (id) WHERE state IN ('asking', 'failed', 'cancelling', 'stuck');

-- Papers of a number that came later are printed by the desk that packed, and what was in the way is kept for the work list.
-- papers_login and papers_after: who asked for papers that wait for something else, and when that is looked at again; 0: nothing.
ALTER TABLE shipments ADD COLUMN papers_desk TEXT NOT NULL DEFAULT '';
ALTER TABLE shipments ADD COLUMN papers_trouble TEXT NOT NULL DEFAULT '';
ALTER TABLE shipments ADD COLUMN papers_login TEXT NOT NULL DEFAULT '';
ALTER TABLE shipments ADD COLUMN papers_after {int} NOT NULL DEFAULT 0;
CREATE INDEX shipments_papers_due ON shipments (id) WHERE papers_due = 1;

-- Ranges that wait until the one in use is used up, and those that were: no number is given twice.
ALTER TABLE number_ranges ADD COLUMN first {int} NOT NULL DEFAULT 0;
UPDATE number_ranges SET first = next;
CREATE TABLE number_rolls (
    id {id},
    name TEXT NOT NULL,
    pattern TEXT NOT NULL,
    first {int} NOT NULL,
    last {int} NOT NULL,
    state TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at {int} NOT NULL
) {strict};
CREATE INDEX number_rolls_waiting ON number_rolls (name, id) WHERE state = 'waiting';
