-- KEYs in stock: where each came from, every movement, and kept counters; and what a supervisor has to settle by hand.

CREATE TABLE key_boxes (
    id {id},
    name TEXT NOT NULL,
    model TEXT NOT NULL,
    first_serial TEXT NOT NULL,
    last_serial TEXT NOT NULL,
    keys {int} NOT NULL,
    received_by TEXT NOT NULL,
    received_at {int} NOT NULL
) {strict};

ALTER TABLE keys ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE keys ADD COLUMN box_id {int} NOT NULL DEFAULT 0;
CREATE INDEX keys_by_state ON keys (state, serial);

-- from_state is '' for a KEY that came in. The last row of a KEY tells its state.
CREATE TABLE key_movements (
    id {id},
    serial TEXT NOT NULL REFERENCES keys (serial),
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    order_no TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at {int} NOT NULL
) {strict};
CREATE INDEX key_movements_by_key ON key_movements (serial, id);
INSERT INTO key_movements (serial, from_state, to_state, order_no, reason, actor, at)
    SELECT serial, '', state, order_no, '', 'desk', updated_at FROM keys ORDER BY updated_at, serial;

CREATE TABLE key_counts (
    state TEXT NOT NULL PRIMARY KEY,
    keys {int} NOT NULL
) {strict};
INSERT INTO key_counts (state, keys) SELECT state, COUNT(*) FROM keys GROUP BY state;

-- Something that no verb can settle: a person does, and says how.
CREATE TABLE tasks (
    id {id},
    kind TEXT NOT NULL,
    order_no TEXT NOT NULL,
    key_serial TEXT NOT NULL,
    sentence TEXT NOT NULL,
    created_at {int} NOT NULL,
    done_at {int} NOT NULL DEFAULT 0,
    done_by TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT ''
) {strict};
CREATE UNIQUE INDEX tasks_open ON tasks (kind, order_no, key_serial) WHERE done_at = 0;
