#include <nlohmann/json.hpp>

#include <array>

#include "acts/acts.h"
#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "certificates/standing.h"
#include "keys/incidents.h"
#include "keys/jobs_store.h"
#include "orders/refunded.h"
#include "storage/rows.h"
#include "tasks/tasks.h"

namespace sealdesk::keys {

using certificates::Entry;
using certificates::RevocationReason;
using orders::State;
using staff::Actor;
using storage::Database;
using storage::Tx;

namespace {

constexpr std::array<const char*, kIncidents> kNames{"lost", "damaged", "returned", "suspended", "resumed"};

RevocationReason reason_of(Incident incident) {
    switch (incident) {
        case Incident::lost: return RevocationReason::key_compromise;
        case Incident::damaged: return RevocationReason::superseded;
        case Incident::returned: return RevocationReason::cessation_of_operation;
        case Incident::suspended:
        case Incident::resumed: return RevocationReason::certificate_hold;
    }
    return RevocationReason::unspecified;
}

const char* act_of(Incident incident) {
    return incident == Incident::suspended ? "suspended" : incident == Incident::resumed ? "resumed" : "revoked";
}

// Where the KEY goes; nothing when it stays.
std::optional<KeyState> destination(Incident incident) {
    if (incident == Incident::lost || incident == Incident::damaged) return KeyState::scrapped;
    if (incident == Incident::returned) return KeyState::returned;
    return std::nullopt;
}

// Everything that the chain depends on, and which of its links are still to do.
struct Facts {
    Key key;
    std::optional<Entry> certificate;
    std::optional<Job> job;
    std::optional<orders::DeskOrder> order;
    std::optional<Entry> unfinished;  // on record for the KEY and not valid yet: the KEY was not finished
    bool refunded = false;            // the portal has given the money back
    bool changes_certificate = false, moves = false, frees_unit = false;
    bool nothing() const { return !changes_certificate && !unfinished && !moves && !frees_unit; }
};

Result<Facts> look(Tx& tx, Incident incident, const std::string& key_serial) {
    const auto key = find_key(tx, key_serial);
    if (!key) return refused(trf("KEY {} 不在库存里，请核对序列号", key_serial));
    Facts facts;
    facts.key = *key;
    SEALDESK_LET(certificate, certificate_on(tx, *key));
    facts.certificate = std::move(certificate);
    facts.job = live_job(tx, key_serial);
    if (facts.job) {
        SEALDESK_LET(order, orders::load(tx, facts.job->order_no));
        facts.order = std::move(order);
        facts.refunded = orders::refunded_by_portal(tx, facts.job->order_no);
    }
    const bool valid = facts.certificate && facts.certificate->state == "valid";
    const bool suspended = facts.certificate && certificates::is_suspended(*facts.certificate);
    if (incident == Incident::suspended || incident == Incident::resumed) {
        if (!facts.certificate) return refused(trf("KEY {} 上没有本中心签发的证书", key_serial));
        if (!facts.certificate->source.empty()) return refused(tr("外部 CA 的证书不能停用和恢复，只能吊销"));
        if (!valid && !suspended) return fail(ErrorKind::conflict, trf("KEY {} 的证书已经吊销", key_serial));
        facts.changes_certificate = incident == Incident::suspended ? valid : suspended;
        return facts;
    }
    const auto to = *destination(incident);
    if (key->state != to) {
        SEALDESK_TRY(check_movement(key_serial, key->state, to));
        facts.moves = true;
    }
    facts.changes_certificate = valid || suspended;
    if (facts.job) {
        SEALDESK_LET(entry, certificates::find(tx, facts.job->certificate_serial));
        if (entry && entry->state == "recorded") facts.unfinished = std::move(entry);
    }
    // An order that is still being made gets another KEY for this unit.
    facts.frees_unit = facts.order && facts.order->state == State::approved;
    return facts;
}

void tell_platform(Tx& tx, Incident incident, const Facts& facts) {
    const auto& entry = *facts.certificate;
    const auto order = orders::load(tx, entry.order_no);
    if (!order) return;
    acts::queue(tx, entry.order_no, order->revision, act_of(incident),
                nlohmann::json{{"key_serial", facts.key.serial},
                               {"certificate_serial", entry.serial},
                               {"reason", static_cast<int>(reason_of(incident))}}
                    .dump());
}

}  // namespace

const char* name_of(Incident incident) { return kNames.at(static_cast<size_t>(incident)); }

const char* word_of(Incident incident) {
    switch (incident) {
        case Incident::lost: return tr("遗失");
        case Incident::damaged: return tr("损坏");
        case Incident::returned: return tr("收回");
        case Incident::suspended: return tr("停用");
        case Incident::resumed: return tr("恢复");
    }
    return "";
}

std::optional<Incident> parse_incident(std::string_view name) {
    const auto at = std::find(kNames.begin(), kNames.end(), name);
    if (at == kNames.end()) return std::nullopt;
    return static_cast<Incident>(at - kNames.begin());
}

Result<Plan> plan(Database& database, Incident incident, const std::string& key_serial) {
    return database.read([&](Tx& tx) -> Result<Plan> {
        SEALDESK_LET(facts, look(tx, incident, key_serial));
        Plan result{key_serial, facts.key.order_no, "", "", {}};
        if (facts.certificate) {
            result.subject_name = facts.certificate->subject_name;
            result.certificate_serial = facts.certificate->serial;
        }
        auto& steps = result.steps;
        if (facts.changes_certificate) {
            const auto& serial = facts.certificate->serial;
            steps.push_back(incident == Incident::suspended ? trf("停用证书 {}，以后可以恢复", serial)
                            : incident == Incident::resumed
                                ? trf("恢复证书 {}", serial)
                                : trf("吊销证书 {}，原因代码 {}，不能撤回", serial, static_cast<int>(reason_of(incident))));
            steps.push_back(facts.certificate->source.empty() ? tr("签发新的吊销列表") : tr("告知外部 CA 吊销"));
            steps.push_back(trf("通知平台：{}", word_of(incident)));
        }
        if (facts.unfinished)
            steps.push_back(facts.unfinished->pem.empty()
                                ? trf("证书序列号 {} 作废，没有签发过", facts.unfinished->serial)
                                : trf("吊销没有写完的证书 {}，并告知外部 CA", facts.unfinished->serial));
        if (facts.moves)
            steps.push_back(trf("库存：KEY 从“{}”变为“{}”", word_of(facts.key.state), word_of(*destination(incident))));
        if (facts.frees_unit && !facts.refunded)
            steps.push_back(trf("订单 {} 的第 {} 个 KEY 需要另写一只", facts.job->order_no, facts.job->unit_no));
        return result;
    });
}

Result<Outcome> report(Database& database, const Actor& actor, const Bench& bench, Incident incident,
                       const std::string& key_serial, const std::string& note) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    const std::string why = trimmed(note);
    if (why.empty()) return refused(tr("请写明情况，例如谁在什么时候说的"));
    return database.write([&](Tx& tx) { return report(tx, actor, bench, incident, key_serial, why); });
}

Result<Outcome> report(Tx& tx, const Actor& actor, const Bench& bench, Incident incident, const std::string& key_serial,
                       const std::string& why) {
    SEALDESK_LET(facts, look(tx, incident, key_serial));
    Outcome outcome;
    if (facts.certificate) outcome.certificate_serial = facts.certificate->serial;
    if (facts.nothing()) return outcome;
    if (facts.changes_certificate) {
        const auto& serial = facts.certificate->serial;
        // Its issuer says so: here by the next list, elsewhere when it is told (certificates/external.h).
        const bool ours = facts.certificate->source.empty();
        if (ours && !bench.authority) return fail(ErrorKind::device, tr("没有接入证书签发服务，不能吊销证书"));
        if (incident == Incident::suspended)
            SEALDESK_TRY(certificates::suspend(tx, serial));
        else if (incident == Incident::resumed)
            SEALDESK_TRY(certificates::resume(tx, serial));
        else
            SEALDESK_TRY(certificates::withdraw(tx, serial, reason_of(incident), ""));
        if (destination(incident) && bench.withdrawn) SEALDESK_TRY(bench.withdrawn(tx, actor, serial, name_of(incident)));
        if (ours) {
            SEALDESK_TRY(certificates::renew_crl(tx, *bench.authority));
            outcome.crl_number = storage::one<std::int64_t>(tx, "SELECT MAX(number) FROM crls", 0);
        }
        outcome.revoked = true;
        tell_platform(tx, incident, facts);
    }
    if (facts.unfinished) {
        outcome.certificate_serial = facts.unfinished->serial;
        SEALDESK_LET(called_back, certificates::abandon(tx, facts.unfinished->serial, reason_of(incident)));
        outcome.revoked = outcome.revoked || called_back;
    }
    if (facts.moves) {
        SEALDESK_TRY(move_key(tx, key_serial, *destination(incident), actor.login, trf("{}：{}", word_of(incident), why)));
        outcome.moved = true;
    }
    if (facts.frees_unit) {
        give_up(tx, *facts.job);
        outcome.unit_is_free = true;
    } else if (facts.order && (facts.order->state == State::issued || facts.order->state == State::packed) &&
               destination(incident) && !facts.refunded) {
        // It was written and had not left: nobody ordered a replacement, and the parcel is one KEY short.
        tasks::raise(tx, "rewrite_after_issue", facts.order->order.no, key_serial,
                     trf("订单 {} 的 KEY {} 制作后{}，还没有发出：请决定重做还是退款", facts.order->order.no, key_serial,
                         word_of(incident)));
    }
    audit::append(tx, actor.login, std::string("key.") + name_of(incident), key_serial,
                  nlohmann::json{{"order", facts.key.order_no},
                                 {"certificate", outcome.revoked || facts.unfinished ? outcome.certificate_serial : ""},
                                 {"crl", outcome.crl_number},
                                 {"note", why}}
                      .dump());
    return outcome;
}

Result<> erase(Database& database, const Actor& actor, const Bench& bench, const std::string& key_serial,
               const crypto::Secret& so_pin, const crypto::Secret& new_pin, LastTry last) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    if (bench.tokens == nullptr) return fail(ErrorKind::device, tr("没有接入 KEY 驱动"));
    SEALDESK_LET(token, bench.tokens->find(key_serial));
    const auto may_go = [&](Tx& tx) -> Result<> {
        const auto key = find_key(tx, key_serial);
        if (!key) return refused(trf("KEY {} 不在库存里，请核对序列号", key_serial));
        const bool locked = key->state == KeyState::blank && token.pin_locked;
        if (key->state != KeyState::returned && !locked)
            return refused(trf("KEY {} 是“{}”，只有退回的和锁定的空白 KEY 可以清除", key_serial, word_of(key->state)));
        SEALDESK_LET(certificate, certificates::of_key(tx, key_serial));
        if (certificate && certificate->state == "valid") return refused(trf("KEY {} 的证书还有效，不能清除", key_serial));
        return {};
    };
    SEALDESK_TRY(database.read(may_go));
    if (new_pin.size() < token.shortest_pin || (token.longest_pin > 0 && new_pin.size() > token.longest_pin))
        return refused(trf("PIN 的长度应为 {} 到 {} 位", token.shortest_pin, token.longest_pin));
    if (token.so_pin_final && last == LastTry::spare)
        return fail(ErrorKind::device, tr("管理员 PIN 只剩最后一次机会，再输错 KEY 就报废了。请确认后再试"));
    const auto empty = [&]() -> Result<> {
        auto done = bench.tokens->initialize(token, so_pin, new_pin, token.label, Contents::erase);
        if (!done && done.error().detail.ends_with(" 0xa0"))
            done.error().message = tr("管理员 PIN 不正确。请核对后再输入，连续输错会使 KEY 报废");
        SEALDESK_TRY(std::move(done));
        SEALDESK_LET(session, bench.tokens->open(key_serial));
        SEALDESK_TRY(session->login(new_pin));
        return check_blank(*session, {});
    };
    if (auto emptied = empty(); !emptied) {
        if (is_pulled(emptied.error())) emptied.error().message = tr("KEY 在清除时被拔出，请插回同一只 KEY，再清除一次");
        return emptied;
    }
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_TRY(may_go(tx));
        if (const auto job = live_job(tx, key_serial)) give_up(tx, *job);
        if (const auto key = find_key(tx, key_serial); key && key->state == KeyState::returned)
            SEALDESK_TRY(move_key(tx, key_serial, KeyState::blank, actor.login, tr("清除后重新入库")));
        pin_is_settled(tx, actor.login, key_serial, tr("清除后重新入库"));  // with the PIN that was typed
        audit::append(tx, actor.login, "key.erase", key_serial);
        return {};
    });
}

}  // namespace sealdesk::keys
