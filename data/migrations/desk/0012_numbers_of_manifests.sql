-- A manifest gets its number when it is closed, gapless like an invoice's.
ALTER TABLE manifests ADD COLUMN number TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX manifests_number ON manifests (number) WHERE number <> '';
INSERT INTO number_ranges (name, pattern, next, last) VALUES ('manifest', 'JJ{:08}', 1, 99999999) ON CONFLICT DO NOTHING;
