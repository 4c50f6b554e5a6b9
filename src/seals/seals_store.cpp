#include <algorithm>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/translate.h"
#include "certificates/certificate_register.h"
#include "crypto/digest.h"
#include "crypto/pem.h"
#include "orders/orders.h"
#include "seals/picture.h"
#include "seals/seals.h"
#include "storage/rows.h"

namespace sealdesk::seals {

using storage::Database;
using storage::Tx;

namespace {

template <class... Uses>
Result<std::vector<MadeSeal>> select(Tx& tx, const std::string& condition, const Uses&... uses) {
    std::vector<MadeSeal> list;
    MadeSeal s;
    storage::for_each_row(
        tx,
        "SELECT id, order_no, key_serial, certificate_serial, name, type, picture_sha256, maker_serial, valid_from, "
        "valid_until, state, der, made_at, withdrawn_at, withdrawn_because FROM seals " +
            condition,
        std::tie(s.id, s.order_no, s.key_serial, s.certificate_serial, s.name, s.type, s.picture_sha256, s.maker_serial,
                 s.valid_from.ms, s.valid_until.ms, s.state, s.der, s.made_at.ms, s.withdrawn_at.ms, s.withdrawn_because),
        [&] { list.push_back(s); }, uses...);
    for (auto& seal : list) {
        SEALDESK_LET(der, crypto::from_base64(seal.der));
        seal.der = std::move(der);
    }
    return list;
}

void insert(Tx& tx, const MadeSeal& s) {
    storage::change(
        tx,
        "INSERT INTO seals (id, order_no, key_serial, certificate_serial, name, type, picture_sha256, maker_serial, valid_from, "
        "valid_until, state, der, made_at) VALUES (:id, :order, :key, :certificate, :name, :type, :picture, :maker, :from, "
        ":until, 'made', :der, :now)",
        s.id, s.order_no, s.key_serial, s.certificate_serial, s.name, s.type, s.picture_sha256, s.maker_serial, s.valid_from.ms,
        s.valid_until.ms, crypto::base64(s.der), tx.now.ms);
}

void take_back(Tx& tx, const std::string& actor, const MadeSeal& seal, const std::string& reason) {
    storage::change(tx, "UPDATE seals SET state = 'withdrawn', withdrawn_at = :now, withdrawn_because = :reason WHERE id = :id",
                    tx.now.ms, reason, seal.id);
    audit::append(tx, actor, "seal.withdraw", seal.order_no);
}

// Pictures of the order's standing approval: what was accepted before it belongs to papers that may have changed since.
constexpr const char* kOfApproval =
    "FROM seal_pictures WHERE order_no = :order AND accepted_at >= (SELECT COALESCE(MAX(at), 0) FROM decisions "
    "WHERE order_no = :approved AND verdict = 'approved' AND undone = 0) ";

}  // namespace

const char* name_of(PictureSource source) {
    return source == PictureSource::drawn ? "drawn" : source == PictureSource::lifted ? "lifted" : "given";
}
const char* word_of(PictureSource source) {
    return source == PictureSource::drawn    ? tr("按文字绘制")
           : source == PictureSource::lifted ? tr("取自印模扫描件")
                                             : tr("取自图片文件");
}

Result<> accept_picture(Database& database, const staff::Actor& actor, const std::string& order_no, const SealPicture& picture,
                        PictureSource source, const std::string& description) {
    SEALDESK_TRY(check_for_new_seal(picture));
    const std::string sha256 = crypto::sha256_hex(picture.data), bytes = crypto::base64(picture.data);
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_TRY(staff::require(actor, staff::Role::officer));
        SEALDESK_LET(order, orders::load(tx, order_no));
        if (order.state != orders::State::approved)
            return refused(trf("订单 {} 是“{}”，不能再确认印章图片", order_no, orders::word_of(order.state)));
        if (const Instant until = acts::held_until(tx, order_no); until > tx.now)
            return refused(trf("订单 {} 的审核结论还可以撤销，{}后再确认印章图片", order_no, how_long(until - tx.now + kSecond)));
        storage::change(
            tx,
            "INSERT INTO seal_pictures (order_no, sha256, source, description, kind, width, height, bytes, accepted_by, "
            "accepted_at) VALUES (:order, :sha, :source, :description, :kind, :width, :height, :bytes, :who, :now)",
            order_no, sha256, std::string(name_of(source)), description, picture.type, picture.width, picture.height, bytes,
            actor.login, tx.now.ms);
        audit::append(tx, actor.login, "seal.accept", order_no);
        return {};
    });
}

Result<std::optional<AcceptedPicture>> accepted_picture(Tx& tx, const std::string& order_no) {
    AcceptedPicture found;
    std::string source, bytes;
    storage::for_each_row(
        tx,
        std::string("SELECT sha256, source, description, kind, width, height, bytes, accepted_by, accepted_at ") + kOfApproval +
            "ORDER BY id DESC LIMIT 1",
        std::tie(found.sha256, source, found.description, found.picture.type, found.picture.width, found.picture.height, bytes,
                 found.accepted_by, found.accepted_at.ms),
        [] {}, order_no, order_no);
    if (found.sha256.empty()) return std::nullopt;
    SEALDESK_LET(data, crypto::from_base64(bytes));
    if (crypto::sha256_hex(data) != found.sha256) return fail(ErrorKind::corrupt, tr("保存的印章图片已损坏"));
    found.picture.data = std::move(data);
    for (const auto each : {PictureSource::drawn, PictureSource::lifted, PictureSource::given})
        if (source == name_of(each)) found.source = each;
    return found;
}

bool has_picture(Tx& tx, const std::string& order_no) {
    return storage::one<std::int64_t>(tx, std::string("SELECT COUNT(*) ") + kOfApproval, 0, order_no, order_no) > 0;
}

Result<MadeSeal> seal_for(Tx& tx, const Maker& maker, const std::string& actor, const std::string& order_no,
                          const std::string& key_serial, const certificates::Certificate& certificate,
                          const AcceptedPicture& accepted) {
    SEALDESK_LET(order, orders::load(tx, order_no));
    if (order.state != orders::State::approved)
        return refused(trf("订单 {} 是“{}”，不能制作印章", order_no, orders::word_of(order.state)));
    const auto facts = certificates::describe(certificate);
    SEALDESK_LET(before, select(tx, "WHERE certificate_serial = :serial AND key_serial = :key AND state = 'made'", facts.serial,
                                key_serial));
    for (const auto& seal : before) {
        if (seal.order_no != order_no)
            return fail(ErrorKind::conflict, trf("证书 {} 已经有订单 {} 的印章", facts.serial, seal.order_no));
        if (seal.picture_sha256 == accepted.sha256) return seal;
    }
    const std::string& name = order.order.subject.name;
    if (facts.subject.common_name != name)
        return refused(trf("证书 {} 写的是“{}”，不能制作“{}”的印章", facts.serial, facts.subject.common_name, name));
    MadeSeal made;
    made.id = new_seal_id(tx.random);
    made.order_no = order_no;
    made.key_serial = key_serial;
    made.certificate_serial = facts.serial;
    made.name = name;
    made.type = order.order.subject.kind == orders::SubjectKind::unit ? kUnitSeal : kPersonalSeal;
    made.picture_sha256 = accepted.sha256;
    made.maker_serial = maker.facts().serial;
    made.valid_from = std::max(tx.now, facts.not_before);
    made.valid_until = std::min(facts.not_after, maker.facts().not_after);  // an external CA may give more time
    made.state = "made";
    made.made_at = tx.now;
    SealPlan plan;
    plan.type = made.type;
    plan.name = made.name;
    plan.certificates = {certificate};
    plan.valid_from = made.valid_from;
    plan.valid_until = made.valid_until;
    plan.picture = accepted.picture;
    SEALDESK_LET(der, maker.make(plan, made.id, tx.now));
    made.der = std::move(der);
    for (const auto& seal : before) take_back(tx, actor, seal, "another picture");
    insert(tx, made);
    audit::append(tx, actor, "seal.make", order_no,
                  "{\"seal\":\"" + made.id + "\",\"certificate\":\"" + made.certificate_serial + "\"}");
    return made;
}

Result<int> withdraw(Tx& tx, const std::string& actor, const std::string& certificate_serial, const std::string& reason) {
    SEALDESK_LET(list, select(tx, "WHERE certificate_serial = :serial AND state = 'made'", certificate_serial));
    for (const auto& seal : list) take_back(tx, actor, seal, reason);
    return static_cast<int>(list.size());
}

namespace {

// Signed with a key that seals of the register were signed with, be it the maker's of today or one before it.
Result<bool> made_by_us(Tx& tx, const Verdict& verdict) {
    const auto passed = [&](Concern concern) {
        return std::any_of(verdict.checks.begin(), verdict.checks.end(),
                           [&](const SealCheck& check) { return check.concern == concern && check.passed; });
    };
    if (!passed(Concern::signature) || !passed(Concern::maker)) return false;
    SEALDESK_LET(ours, select(tx, "WHERE maker_serial = :serial LIMIT 1", verdict.maker_serial));
    if (ours.empty()) return false;
    SEALDESK_LET(seal, read_seal(ours.front().der));
    return seal.maker_certificate == verdict.seal.maker_certificate;
}

// The entry of this very certificate: another CA's may have the same number.
Result<std::optional<certificates::Entry>> entry_of(Tx& tx, const std::string& der) {
    const auto facts = certificates::describe(der);
    if (!facts) return std::nullopt;
    SEALDESK_LET(entry, certificates::find(tx, facts->serial));
    if (!entry) return std::nullopt;
    const auto ours = crypto::from_pem("CERTIFICATE", entry->pem);
    return ours && *ours == der ? std::move(entry) : std::nullopt;
}

}  // namespace

Result<> compare_with_register(Tx& tx, Verdict& verdict) {
    SEALDESK_LET(made, find(tx, verdict.seal.id));
    SealCheck check{Concern::record, true, {}};
    if (made) {
        const auto bytes = encode(verdict.seal);
        if (!bytes || *bytes != made->der) {
            check = {Concern::record, false, trf("与本中心登记的印章 {} 不一致", made->id)};
        } else if (made->state != "made" && made->withdrawn_at <= verdict.at) {
            check = {Concern::record, false, trf("印章已于 {} 收回", date_time(made->withdrawn_at))};
        } else {
            check.sentence = trf("本中心为订单 {} 制作，KEY {}", made->order_no, made->key_serial);
        }
    } else {
        SEALDESK_LET(ours, made_by_us(tx, verdict));
        if (ours) check = {Concern::record, false, tr("由本中心的制章密钥签出，但没有登记")};
    }
    // A seal that names digests has certificates only in the question.
    std::vector<std::string> signers = verdict.seal.certificates;
    if (!verdict.asked.empty()) signers = {verdict.asked};
    bool all_known = !signers.empty();
    for (const auto& der : signers) {
        SEALDESK_LET(entry, entry_of(tx, der));
        all_known = all_known && entry.has_value();
        if (!check.passed || !entry || entry->state != "revoked" || entry->revoked_at > verdict.at) continue;
        check = {Concern::record, false, trf("签章人证书 {} 已于 {} 吊销", entry->serial, date_time(entry->revoked_at))};
    }
    if (all_known) std::erase(verdict.unchecked, word_of_unknown_signers());
    if (!check.sentence.empty()) verdict.checks.push_back(std::move(check));
    return {};
}

Result<std::optional<MadeSeal>> find(Tx& tx, const std::string& id) {
    SEALDESK_LET(list, select(tx, "WHERE id = :id", id));
    if (list.empty()) return std::nullopt;
    return std::move(list.front());
}

Result<std::optional<MadeSeal>> standing(Tx& tx, const std::string& certificate_serial, const std::string& key_serial) {
    SEALDESK_LET(list, select(tx, "WHERE certificate_serial = :serial AND key_serial = :key AND state = 'made'",
                              certificate_serial, key_serial));
    if (list.empty()) return std::nullopt;
    return std::move(list.front());
}

Result<std::vector<MadeSeal>> of_order(Tx& tx, const std::string& order_no) {
    return select(tx, "WHERE order_no = :order ORDER BY made_at, id", order_no);
}

}  // namespace sealdesk::seals
