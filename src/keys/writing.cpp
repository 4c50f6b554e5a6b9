#include "keys/writing.h"

#include "base/translate.h"
#include "crypto/digest.h"
#include "keys/jobs_store.h"

namespace sealdesk::keys {

using orders::DeskOrder;
using staff::Actor;
using storage::Database;
using storage::Tx;

namespace {

// The same key pair is found again by a resumed job.
ObjectId object_id(const Job& job) { return ObjectId::of("job " + std::to_string(job.id) + " " + job.order_no); }

certificates::SubjectName subject_of(const orders::Order& order) {
    certificates::SubjectName name;
    name.common_name = order.subject.name;
    name.organisation = order.subject.kind == orders::SubjectKind::unit ? order.subject.name : order.subject.enterprise;
    name.number = order.subject.document_number;
    return name;
}

struct Prepared {
    DeskOrder order;
    certificates::Profile profile;
    certificates::SubjectName subject;
};

Result<Prepared> prepare(Database& database, const Bench& bench, const Job& job) {
    SEALDESK_LET(order, orders::load(database, job.order_no));
    const auto profile = bench.profiles.find(order.order.subject.kind);
    if (profile == bench.profiles.end()) return fail(ErrorKind::internal, tr("没有这种主体的证书模板"));
    SEALDESK_LET(subject, certificates::subject_for(profile->second, subject_of(order.order)));
    return Prepared{std::move(order), profile->second, std::move(subject)};
}

Result<std::string> der_of(Database& database, const Job& job) {
    return database.read([&](Tx& tx) -> Result<std::string> {
        SEALDESK_LET(entry, certificates::find(tx, job.certificate_serial));
        if (!entry || entry->pem.empty()) return fail(ErrorKind::internal, tr("找不到已签发的证书"));
        return crypto::from_pem("CERTIFICATE", entry->pem);
    });
}

Result<> do_request(Database& database, const Bench& bench, TokenSession& session, Job& job) {
    SEALDESK_LET(prepared, prepare(database, bench, job));
    SEALDESK_LET(der, make_request(session, object_id(job), prepared.subject));
    SEALDESK_TRY(certificates::read_request(der));
    certificates::Entry entry;
    entry.serial = certificates::SerialNumber::random(*bench.random).hex();
    entry.order_no = job.order_no;
    entry.unit_no = job.unit_no;
    entry.key_serial = job.key_serial;
    entry.subject_name = prepared.order.order.subject.name;
    entry.document_number = prepared.order.order.subject.document_number;
    const Instant now = database.now();
    entry.not_before = {now.ms / 1000 * 1000};
    entry.not_after = certificates::end_of_validity(now, prepared.order.order.years);
    job.certificate_serial = entry.serial;
    job.request_pem = crypto::base64(der);
    // The serial is on record before anything is signed with it.
    return record(database, job, Step::request, [&](Tx& tx) -> Result<> {
        certificates::record_serial(tx, entry);
        return {};
    });
}

// 补办: the certificate that is replaced goes with the same commit that records the new one.
Result<> revoke_replaced(Tx& tx, const Bench& bench, const Actor& actor, const DeskOrder& order, const Job& job) {
    if (order.order.kind != orders::OrderKind::replacement || job.unit_no != 1) return {};
    SEALDESK_LET(old, replaced_certificate(tx, order, job));
    const auto reason = order.order.cause == orders::ReplacementCause::damaged ? certificates::RevocationReason::superseded
                                                                               : certificates::RevocationReason::key_compromise;
    if (old) {
        SEALDESK_TRY(certificates::revoke(tx, old->serial, reason, job.certificate_serial));
        SEALDESK_TRY(certificates::renew_crl(tx, *bench.authority));
    }
    note_replacement(tx, actor, job, old ? old->serial : "");
    return {};
}

Result<> do_sign(Database& database, const Actor& actor, const Bench& bench, Job& job) {
    SEALDESK_LET(prepared, prepare(database, bench, job));
    SEALDESK_LET(request_der, crypto::from_base64(job.request_pem));
    SEALDESK_LET(request, certificates::read_request(request_der));
    SEALDESK_LET(serial, certificates::SerialNumber::parse(job.certificate_serial));
    SEALDESK_LET(entry, database.read([&](Tx& tx) -> Result<certificates::Entry> {
        SEALDESK_LET(found, certificates::find(tx, job.certificate_serial));
        if (!found) return fail(ErrorKind::internal, tr("找不到登记的证书序列号"));
        return *found;
    }));
    SEALDESK_LET(der,
                 bench.authority->sign(request, prepared.profile, prepared.subject, serial, entry.not_before, entry.not_after));
    return record(database, job, Step::sign, [&](Tx& tx) -> Result<> {
        SEALDESK_TRY(still_to_write(tx, actor, bench.rules, job.order_no));
        SEALDESK_TRY(certificates::record_signed(tx, job.certificate_serial, certificates::certificate_pem(der)));
        return revoke_replaced(tx, bench, actor, prepared.order, job);
    });
}

}  // namespace

Result<Job> advance(Database& database, const Actor& actor, const Bench& bench, TokenSession& session, Job job) {
    const auto step = next(job.done);
    if (!step) return job;
    // The KEY is looked at anew before every step: another one in the port is refused.
    SEALDESK_LET(token, session.look());
    if (token.serial != job.key_serial) return fail(ErrorKind::device, trf("插着的不是 KEY {}，请换回来", job.key_serial));
    const ObjectId id = object_id(job);
    const auto plainly = [](Tx&) -> Result<> { return {}; };
    switch (*step) {
        case Step::allocate: break;
        case Step::generate:
            SEALDESK_TRY(ensure_key_pair(session, id, job.order_no, crypto::KeyAlgorithm::rsa_2048));
            SEALDESK_TRY(record(database, job, *step, plainly));
            break;
        case Step::request: SEALDESK_TRY(do_request(database, bench, session, job)); break;
        case Step::sign: SEALDESK_TRY(do_sign(database, actor, bench, job)); break;
        case Step::write_certificate: {
            SEALDESK_LET(der, der_of(database, job));
            SEALDESK_TRY(session.write_certificate(id, job.order_no, der));
            SEALDESK_TRY(record(database, job, *step, plainly));
            break;
        }
        case Step::read_back: {
            SEALDESK_LET(der, der_of(database, job));
            SEALDESK_TRY(read_back(session, id, der));
            SEALDESK_TRY(record(database, job, *step, plainly));
            break;
        }
        case Step::prove: {
            SEALDESK_LET(der, der_of(database, job));
            SEALDESK_TRY(prove(session, id, der, *bench.random));
            SEALDESK_TRY(record(database, job, *step, plainly));
            break;
        }
        case Step::bind: SEALDESK_TRY(record(database, job, *step, [&](Tx& tx) { return bind(tx, actor, job); })); break;
    }
    return job;
}

Result<Job> write(Database& database, const Actor& actor, const Bench& bench, const std::string& order_no,
                  const std::string& key_serial, const crypto::Secret& pin,
                  const std::function<void(const Job&, Step)>& progress) {
    if (bench.tokens == nullptr || bench.authority == nullptr)
        return fail(ErrorKind::device, tr("没有接入 KEY 驱动或证书签发服务"));
    SEALDESK_LET(session, bench.tokens->open(key_serial));
    SEALDESK_TRY(session->login(pin));
    SEALDESK_LET(job, begin(database, actor, bench, order_no, key_serial));
    while (!job.finished()) {
        if (progress) progress(job, *next(job.done));
        SEALDESK_LET(further, advance(database, actor, bench, *session, job));
        job = std::move(further);
    }
    return job;
}

}  // namespace sealdesk::keys
