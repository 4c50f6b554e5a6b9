-- Public keys that a certificate was asked for, by the SHA-256 of their SubjectPublicKeyInfo: no key gets a second one.
CREATE TABLE certified_keys (
    hash TEXT NOT NULL PRIMARY KEY,
    certificate_serial TEXT NOT NULL,
    key_serial TEXT NOT NULL
) {strict};
