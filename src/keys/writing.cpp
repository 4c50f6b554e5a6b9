#include "keys/writing.h"

#include "base/translate.h"
#include "certificates/external.h"
#include "crypto/digest.h"
#include "keys/certifiable.h"
#include "keys/jobs_store.h"

namespace sealdesk::keys {

using certificates::RevocationReason;
using orders::DeskOrder;
using staff::Actor;
using storage::Database;
using storage::Tx;

namespace {

// The same key pair is found again by a resumed job.
ObjectId object_id(const Job& job) { return ObjectId::of("job " + std::to_string(job.id) + " " + job.order_no); }

struct Prepared {
    DeskOrder order;
    certificates::Profile profile;
    certificates::SubjectName subject;
};

// What the steps of one run share. A resumed job starts with nothing and asks the register again.
struct Shared {
    std::optional<Prepared> prepared;
    std::optional<KeyPair> pair;
    std::optional<certificates::Entry> entry;  // while no certificate is signed
    std::optional<certificates::Request> request;
    std::optional<certificates::Certificate> certificate;
    std::optional<std::string> seal;
    bool begun = false;  // the last commit of this run looked at the order and wrote down that the next step begins
    bool ours = false;   // the session was seen to be with the job's KEY
};

Result<Prepared> prepared_of(const Bench& bench, DeskOrder order) {
    SEALDESK_LET(profile, profile_for(bench, order.order));
    SEALDESK_LET(subject, certified_name(bench, order.order));
    return Prepared{std::move(order), *profile, std::move(subject)};
}

// The order may change at any time: whoever depends on its state asks again in the transaction (still_to_write, bind).
Result<const Prepared*> prepare(Database& database, const Bench& bench, const Job& job, Shared& shared) {
    if (shared.prepared) return &*shared.prepared;
    SEALDESK_LET(order, orders::load(database, job.order_no));
    SEALDESK_LET(prepared, prepared_of(bench, std::move(order)));
    shared.prepared = std::move(prepared);
    return &*shared.prepared;
}

Result<const certificates::Entry*> entry_of(Database& database, const Job& job, Shared& shared) {
    if (shared.entry) return &*shared.entry;
    SEALDESK_LET(entry, database.read([&](Tx& tx) -> Result<std::optional<certificates::Entry>> {
        return certificates::find(tx, job.certificate_serial);
    }));
    if (!entry) return fail(ErrorKind::internal, tr("找不到登记的证书序列号"));
    shared.entry = std::move(entry);
    return &*shared.entry;
}

Result<const certificates::Certificate*> certificate_of(Database& database, const Job& job, Shared& shared) {
    if (shared.certificate) return &*shared.certificate;
    SEALDESK_LET(entry, entry_of(database, job, shared));
    if (entry->pem.empty()) return fail(ErrorKind::internal, tr("找不到已签发的证书"));
    SEALDESK_LET(certificate, certificates::read_certificate_pem(entry->pem));
    shared.certificate = std::move(certificate);
    return &*shared.certificate;
}

Result<const std::string*> seal_of(Database& database, const Bench& bench, const Job& job, Shared& shared) {
    if (shared.seal) return &*shared.seal;
    SEALDESK_LET(certificate, certificate_of(database, job, shared));
    SEALDESK_LET(seal, bench.seal(database, job, *certificate));
    shared.seal = std::move(seal);
    return &*shared.seal;
}

Result<> do_request(Database& database, const Actor& actor, const Bench& bench, TokenSession& session, Job& job, Shared& shared) {
    SEALDESK_LET(known, prepare(database, bench, job, shared));
    const Prepared& prepared = *known;
    if (!shared.pair) {
        SEALDESK_LET(pair, session.find_key_pair(object_id(job)));
        if (!pair) return fail(ErrorKind::device, tr("KEY 上没有这个密钥，请核对是否插错了 KEY"), object_id(job).hex());
        shared.pair = std::move(pair);
    }
    SEALDESK_LET(request, make_request(session, *shared.pair, prepared.subject));
    certificates::Entry entry;
    entry.serial = bench.certifies_outside() ? certificates::name_of_transaction(bench.random->bytes(16))
                                             : certificates::SerialNumber::random(*bench.random).hex();
    if (bench.certifies_outside()) entry.source = certificates::kFromCmp;
    entry.order_no = job.order_no;
    entry.unit_no = job.unit_no;
    entry.key_serial = job.key_serial;
    entry.subject_name = prepared.order.order.subject.name;
    entry.document_number = prepared.order.order.subject.document_number;
    job.certificate_serial = entry.serial;
    job.request_pem = crypto::base64(request.der);
    shared.request = request;
    // The serial is on record before anything is signed with it.
    auto recorded = record(database, actor, bench, job, Step::request, [&](Tx& tx) -> Result<> {
        if (reason_to_replace(prepared.order.order)) {  // an officer may have said until now which one goes
            SEALDESK_LET(order, orders::load(tx, job.order_no));
            shared.prepared->order = std::move(order);
        }
        SEALDESK_LET(validity, validity_of(tx, prepared.order, tx.now));
        entry.not_before = validity.not_before;
        entry.not_after = validity.not_after;
        entry.created_at = tx.now;
        certificates::record_serial(tx, entry);
        SEALDESK_TRY(certificates::record_key(tx, entry, request));
        // Somebody may be signing with the KEY that was lost: its certificate does not wait for the new one.
        if (reason_to_replace(prepared.order.order) == RevocationReason::key_compromise)
            SEALDESK_TRY(revoke_replaced(tx, actor, bench, prepared.order, job));
        return {};
    });
    if (recorded) shared.entry = std::move(entry);
    return recorded;
}

// The entry gets a name of the one that signs now, and the time that was paid for.
Result<Validity> name_anew(Database& database, const Prepared& prepared, const certificates::Entry& entry, Job& job,
                           const std::string& serial, const std::string& source) {
    Validity wanted;
    const auto named = name_certificate(database, job, [&](Tx& tx) -> Result<std::string> {
        SEALDESK_LET(validity, validity_of(tx, prepared.order, entry.created_at));
        wanted = validity;
        SEALDESK_TRY(
            certificates::rename_recorded(tx, job.certificate_serial, serial, source, wanted.not_before, wanted.not_after));
        return serial;
    });
    if (!named) return tl::unexpected(named.error());
    return wanted;
}

// A certificate that the external CA made and was not told of: nobody can tell whether it counts it as confirmed.
Result<> drop_unconfirmed(const Bench& bench, const certificates::Entry& entry) {
    if (entry.pem.empty()) return {};
    if (!bench.external)
        return refused(trf("外部 CA 的证书 {} 没有确认，也没有吊销：请先在设置里接入外部 CA（cmp_url）", entry.serial));
    SEALDESK_LET(unsure, crypto::from_pem("CERTIFICATE", entry.pem));
    return bench.external->revoke(unsure, RevocationReason::superseded, bench.random->bytes(16), certificates::Confirmed::unsure);
}

Result<certificates::Certificate> certified_here(Database& database, const Bench& bench, const Prepared& prepared,
                                                 const certificates::Request& request, const certificates::Entry& entry,
                                                 Job& job) {
    Validity validity{entry.not_before, entry.not_after};
    if (!entry.source.empty()) {  // the CA was changed after the request
        SEALDESK_TRY(drop_unconfirmed(bench, entry));
        const std::string anew = certificates::SerialNumber::random(*bench.random).hex();
        SEALDESK_LET(wanted, name_anew(database, prepared, entry, job, anew, ""));
        validity = wanted;
    }
    SEALDESK_LET(serial, certificates::SerialNumber::parse(job.certificate_serial));
    return bench.authority->sign(request, prepared.profile, prepared.subject, serial, validity.not_before, validity.not_after);
}

// What the external CA made is what was asked for and paid: it may leave out the organisation and the country, and give more
// time. A CA counts years of 365 days and ends at the time of day at which it began.
Result<> check_made(const certificates::CertificateFacts& made, const Prepared& prepared, const certificates::Request& request,
                    const Validity& wanted) {
    constexpr std::int64_t kSlack = 2 * kDay;
    const auto& asked = prepared.subject;
    const auto& got = made.subject;
    const auto other = [](const std::string& written) {
        return fail(ErrorKind::denied, trf("外部 CA 签发的证书写的是“{}”，没有采用", written));
    };
    if (got.common_name != asked.common_name) return other(got.common_name);
    if (got.number != asked.number)
        return got.number.empty() ? fail(ErrorKind::denied, trf("外部 CA 签发的证书上没有号码 {}，没有采用", asked.number))
                                  : other(got.number);
    if (!got.organisation.empty() && got.organisation != asked.organisation) return other(got.organisation);
    if (!got.country.empty() && got.country != asked.country) return other(got.country);
    if (made.public_key != request.public_key)
        return fail(ErrorKind::denied, tr("外部 CA 签发的证书不是为这只 KEY 的密钥签发的，没有采用"));
    if (made.not_after + kSlack < wanted.not_after)
        return fail(ErrorKind::denied, trf("外部 CA 签发的证书到 {} 为止，应当到 {}，没有采用", text_of(day_of(made.not_after)),
                                           text_of(day_of(wanted.not_after))));
    return {};
}

// Before the successor of a lost one is asked for, the CA hears that the lost one is revoked: somebody may be signing with
// it. A CA that does not answer holds the KEY up; one that refuses or forbids it does not, the desk says that by itself.
Result<> tell_loss(Database& database, const Bench& bench, const DeskOrder& order) {
    if (reason_to_replace(order.order) != RevocationReason::key_compromise) return {};
    const auto told = certificates::tell_revocations(database, *bench.external, *bench.random);
    if (!told && told.error().kind != ErrorKind::refused && told.error().kind != ErrorKind::denied)
        return tl::unexpected(told.error());
    return {};
}

// The external CA's certificate. The transaction is on record before the CA is asked, the certificate before the CA hears that
// we have it. A try that broke off in between is not taken up: that certificate is revoked there and another transaction asks
// anew.
Result<certificates::Certificate> certified_outside(Database& database, const Actor& actor, const Bench& bench,
                                                    const Prepared& prepared, const certificates::Request& request,
                                                    const certificates::Entry& entry, Job& job) {
    SEALDESK_TRY(tell_loss(database, bench, prepared.order));
    SEALDESK_TRY(drop_unconfirmed(bench, entry));
    const std::string transaction = bench.random->bytes(16);
    SEALDESK_LET(wanted, name_anew(database, prepared, entry, job, certificates::name_of_transaction(transaction),
                                   certificates::kFromCmp));
    SEALDESK_LET(made, bench.external->request(request, transaction, [&](const std::string& der) -> Result<> {
        SEALDESK_LET(facts, certificates::describe(der));
        SEALDESK_TRY(check_made(facts, prepared, request, wanted));
        SEALDESK_TRY(name_certificate(database, job,
                                      [&](Tx& tx) { return certificates::record_received(tx, job.certificate_serial, der); }));
        // It is on record in any case; a refund that came meanwhile is told to the CA as not taken.
        return database.read([&](Tx& tx) { return still_to_write(tx, actor, bench.rules, job.order_no); });
    }));
    return certificates::read_certificate(made);
}

Result<certificates::Request> request_of(const Job& job, const Shared& shared) {
    if (shared.request) return *shared.request;
    SEALDESK_LET(der, crypto::from_base64(job.request_pem));
    return certificates::read_request(der);
}

Result<> do_sign(Database& database, const Actor& actor, const Bench& bench, Job& job, Shared& shared) {
    SEALDESK_LET(known, prepare(database, bench, job, shared));
    const Prepared& prepared = *known;
    SEALDESK_LET(request, request_of(job, shared));
    SEALDESK_LET(recorded, entry_of(database, job, shared));
    SEALDESK_LET(certificate, bench.certifies_outside()
                                  ? certified_outside(database, actor, bench, prepared, request, *recorded, job)
                                  : certified_here(database, bench, prepared, request, *recorded, job));
    shared.entry.reset();
    shared.certificate = certificate;
    return record(database, actor, bench, job, Step::sign, [&](Tx& tx) -> Result<> {
        SEALDESK_TRY(certificates::record_signed(tx, job.certificate_serial, certificates::certificate_pem(certificate.der)));
        // A lost one went before; what is only replaced goes with the same commit that records the new one.
        if (reason_to_replace(prepared.order.order) == RevocationReason::key_compromise) return {};
        return revoke_replaced(tx, actor, bench, prepared.order, job);
    });
}

Result<Job> take_step(Database& database, const Actor& actor, const Bench& bench, TokenSession& session, Job job,
                      Shared& shared) {
    const auto step = next(job.done);
    if (!step) return job;
    // The KEY is looked at anew in every step: another one in the port is refused. What writes on it looks by itself, once it is
    // clear that the session is with the job's KEY.
    const bool writes = *step == Step::generate || *step == Step::write_certificate || (*step == Step::write_seal && bench.seal);
    if (!writes || !shared.ours) {
        SEALDESK_LET(token, session.look());
        if (token.serial != job.key_serial) return fail(ErrorKind::device, trf("插着的不是 KEY {}，请换回来", job.key_serial));
        shared.ours = true;
    }
    if (!shared.begun) SEALDESK_TRY(may_begin(database, actor, bench, job));
    if (bench.watch) bench.watch(job, *step, Moment::begins);
    const ObjectId id = object_id(job);
    const auto done = [&] { return record(database, actor, bench, job, *step, [](Tx&) -> Result<> { return {}; }); };
    switch (*step) {
        case Step::allocate: break;
        case Step::generate: {
            SEALDESK_LET(prepared, prepare(database, bench, job, shared));
            SEALDESK_LET(pair, ensure_key_pair(session, id, job.order_no, bench.algorithm.value_or(prepared->profile.algorithm)));
            shared.pair = std::move(pair);
            SEALDESK_TRY(done());
            break;
        }
        case Step::request: SEALDESK_TRY(do_request(database, actor, bench, session, job, shared)); break;
        case Step::sign: SEALDESK_TRY(do_sign(database, actor, bench, job, shared)); break;
        case Step::write_certificate: {
            SEALDESK_LET(certificate, certificate_of(database, job, shared));
            SEALDESK_TRY(session.write_certificate(id, job.order_no, *certificate));
            SEALDESK_TRY(done());
            break;
        }
        case Step::write_seal: {
            if (bench.seal) {
                SEALDESK_LET(seal, seal_of(database, bench, job, shared));
                SEALDESK_TRY(session.write_data(kSealLabel, *seal));
            }
            SEALDESK_TRY(done());
            break;
        }
        case Step::read_back: {
            SEALDESK_LET(certificate, certificate_of(database, job, shared));
            SEALDESK_TRY(read_back(session, id, certificate->der));
            if (bench.seal) {
                SEALDESK_LET(seal, seal_of(database, bench, job, shared));
                SEALDESK_TRY(read_back_seal(session, *seal));
            }
            SEALDESK_TRY(done());
            break;
        }
        case Step::prove: {
            SEALDESK_LET(certificate, certificate_of(database, job, shared));
            SEALDESK_TRY(prove(session, id, *certificate, *bench.random));
            SEALDESK_TRY(done());
            break;
        }
        case Step::bind:
            SEALDESK_TRY(record(database, actor, bench, job, *step, [&](Tx& tx) { return bind(tx, actor, bench.rules, job); }));
            break;
    }
    shared.begun = true;
    return job;
}

}  // namespace

Result<Job> advance(Database& database, const Actor& actor, const Bench& bench, TokenSession& session, Job job) {
    Shared nothing;
    return take_step(database, actor, bench, session, std::move(job), nothing);
}

Result<Job> write(Database& database, const Actor& actor, const Bench& bench, const std::string& order_no,
                  const std::string& key_serial, const crypto::Secret& pin, const std::function<void(const Job&, Step)>& progress,
                  const std::set<std::string>& beside, LastTry last) {
    if (bench.tokens == nullptr || (!bench.authority && !bench.certifies_outside()))
        return fail(ErrorKind::device, tr("没有接入 KEY 驱动或证书签发服务"));
    SEALDESK_LET(session, bench.tokens->open(key_serial));
    SEALDESK_LET(before, database.read([&](Tx& tx) { return job_to_write(tx, actor, bench.rules, order_no, key_serial); }));
    // Without a PIN what anybody may read of it is seen, with one the rest: a wrong try on somebody else's KEY is not ours to
    // take.
    if (!before) SEALDESK_TRY(check_blank(*session, {}));
    SEALDESK_TRY(session->login(pin, last));
    if (!before) SEALDESK_TRY(check_blank(*session, {}));
    SEALDESK_LET(allocated, allocate(database, actor, bench, order_no, key_serial, beside));
    Job job = std::move(allocated.job);
    Shared shared;
    // A step that needs it says what is wrong with it.
    if (auto prepared = prepared_of(bench, std::move(allocated.order))) shared.prepared = std::move(*prepared);
    shared.ours = true;  // it was opened by its serial
    while (!job.finished()) {
        if (progress) progress(job, *next(job.done));
        auto further = take_step(database, actor, bench, *session, job, shared);
        if (!further && is_pulled(further.error()))
            further.error().message = tr("KEY 已被拔出。请插回同一只 KEY，会从中断的步骤继续");
        if (!further) return further;
        job = std::move(*further);
    }
    return job;
}

}  // namespace sealdesk::keys
