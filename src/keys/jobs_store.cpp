#include "keys/jobs_store.h"

#include <nlohmann/json.hpp>

#include "acts/acts.h"
#include "acts/settlement.h"
#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "keys/certifiable.h"
#include "orders/refunded.h"
#include "search/search.h"
#include "storage/rows.h"

namespace sealdesk::keys {

using orders::DeskOrder;
using orders::State;
using staff::Actor;
using storage::Database;
using storage::Tx;

namespace {

template <class... Uses>
std::vector<Job> select_jobs(Tx& tx, const std::string& condition, const Uses&... uses) {
    std::vector<Job> list;
    Job j;
    std::string step, beginning;
    storage::for_each_row(
        tx,
        "SELECT j.id, j.order_no, o.subject_name, j.unit_no, j.key_serial, j.step, j.certificate_serial, j.request, "
        "j.officer, j.started_at, j.updated_at, j.beginning FROM key_jobs j JOIN orders o ON o.no = j.order_no "
        "WHERE j.abandoned = 0 " +
            condition,
        std::tie(j.id, j.order_no, j.subject_name, j.unit_no, j.key_serial, step, j.certificate_serial, j.request_pem, j.officer,
                 j.started_at.ms, j.updated_at.ms, beginning),
        [&] {
            j.done = parse_step(step).value_or(Step::allocate);
            j.beginning = parse_step(beginning);
            list.push_back(j);
        },
        uses...);
    return list;
}

// Only a KEY of the stock is begun, and only a blank one.
Result<> check_free(const std::optional<Key>& key, const std::string& key_serial) {
    if (!key) return refused(trf("KEY {} 不在库存里，请先插上", key_serial));
    if (!key->order_no.empty() && key->state != KeyState::blank)
        return fail(ErrorKind::conflict, trf("KEY {} 已用于订单 {}，请换一个空白 KEY", key_serial, key->order_no));
    if (key->state != KeyState::blank)
        return fail(ErrorKind::conflict, trf("KEY {} 是“{}”，请换一个空白 KEY", key_serial, word_of(key->state)));
    return {};
}

}  // namespace

Result<> seen(Database& database, const std::vector<TokenInfo>& tokens) {
    SEALDESK_LET(unknown, database.read([&](Tx& tx) -> Result<std::vector<TokenInfo>> {
        std::vector<TokenInfo> list;
        for (const auto& token : tokens)
            if (!token.serial.empty() && !find_key(tx, token.serial)) list.push_back(token);
        return list;
    }));
    if (unknown.empty()) return {};
    return database.write([&](Tx& tx) -> Result<> {
        for (const auto& token : unknown) {
            if (find_key(tx, token.serial)) continue;
            Key key;
            key.serial = token.serial;
            key.label = token.label;
            key.model = token.model;
            enter_stock(tx, key, "desk", tr("插上时登记"));
        }
        return {};
    });
}

std::vector<Job> jobs_of(Tx& tx, const std::string& order_no) {
    return select_jobs(tx, "AND j.order_no = :order ORDER BY j.unit_no", order_no);
}

Result<std::vector<Job>> jobs_of(Database& database, const std::string& order_no) {
    return database.read([&](Tx& tx) -> Result<std::vector<Job>> { return jobs_of(tx, order_no); });
}

Result<std::vector<Job>> open_jobs(Database& database) {
    return database.read(
        [](Tx& tx) -> Result<std::vector<Job>> { return select_jobs(tx, "AND j.step <> 'bind' ORDER BY j.id"); });
}

Result<> still_to_write(Tx& tx, const Actor& actor, const Rules& rules, const std::string& order_no) {
    SEALDESK_LET(approval, orders::approval_of(tx, order_no));
    if (approval.state != State::approved)
        return fail(ErrorKind::conflict, trf("订单 {} 是“{}”，不能制作 KEY", order_no, word_of(approval.state)));
    if (rules.maker_is_not_checker && approval.by == actor.login)
        return fail(ErrorKind::denied, trf("订单 {} 是您审核通过的，请由另一位同事制作 KEY", order_no));
    if (const Instant until = acts::held_until(tx, order_no); until > tx.now)
        return refused(trf("订单 {} 的审核结论还可以撤销，{}后再制作", order_no, how_long(until - tx.now + kSecond)));
    if (orders::refunded_by_portal(tx, order_no))
        return fail(ErrorKind::conflict, trf("订单 {} 已经退款，不能再制作 KEY，请主管处理", order_no));
    if (const std::string why = acts::refused_by_portal(tx, order_no, "approved"); !why.empty())
        return fail(ErrorKind::conflict, trf("门户没有接受订单 {} 的审核结论（{}），请主管先在“需要处理”里处理", order_no, why));
    return {};
}

Result<std::optional<Job>> job_to_write(Tx& tx, const Actor& actor, const Rules& rules, const std::string& order_no,
                                        const std::string& key_serial) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    SEALDESK_TRY(still_to_write(tx, actor, rules, order_no));
    if (auto job = live_job(tx, key_serial); job && job->order_no == order_no) {
        if (!job->finished()) return job;
        return fail(ErrorKind::conflict, trf("KEY {} 已经为订单 {} 写完，没有改动", key_serial, order_no));
    }
    SEALDESK_TRY(check_free(find_key(tx, key_serial), key_serial));
    return std::nullopt;
}

Result<Job> begin(Database& database, const Actor& actor, const Bench& bench, const std::string& order_no,
                  const std::string& key_serial, const std::set<std::string>& beside) {
    SEALDESK_LET(allocated, allocate(database, actor, bench, order_no, key_serial, beside));
    return std::move(allocated.job);
}

Result<Allocated> allocate(Database& database, const Actor& actor, const Bench& bench, const std::string& order_no,
                           const std::string& key_serial, const std::set<std::string>& beside) {
    SEALDESK_TRY(staff::require(actor, staff::Role::officer));
    return database.write([&](Tx& tx) -> Result<Allocated> {
        SEALDESK_TRY(still_to_write(tx, actor, bench.rules, order_no));
        SEALDESK_LET(order, orders::load(tx, order_no));
        const auto jobs = jobs_of(tx, order_no);
        for (const auto& job : jobs)
            if (job.key_serial == key_serial) return Allocated{job, std::move(order)};  // goes on where it stopped
        SEALDESK_TRY(check_free(find_key(tx, key_serial), key_serial));
        for (const auto& job : jobs)
            if (!job.finished() && !beside.contains(job.key_serial))
                return fail(ErrorKind::conflict,
                            trf("订单 {} 的第 {} 个 KEY 还没有写完，请插上 KEY {}", order_no, job.unit_no, job.key_serial));
        int unit = 1;
        for (const auto& job : jobs) unit += job.unit_no == unit ? 1 : 0;  // the first that is free: one may have been given up
        if (unit > order.order.quantity) return fail(ErrorKind::conflict, trf("订单 {} 的 KEY 已全部写完", order_no));
        SEALDESK_TRY(replaced_certificate(tx, order));  // what is not clear is asked before anything is written
        SEALDESK_TRY(check_certifiable(tx, bench, order));
        if (bench.ready) SEALDESK_TRY(bench.ready(tx, order_no));
        const std::string step = name_of(Step::allocate), beginning = name_of(*next(Step::allocate));
        const auto id = storage::one<std::int64_t>(
            tx,
            "INSERT INTO key_jobs (order_no, unit_no, key_serial, step, beginning, officer, started_at, updated_at) "
            "VALUES (:order, :unit, :key, :step, :beginning, :officer, :started, :updated) RETURNING id",
            0, order_no, unit, key_serial, step, beginning, actor.login, tx.now.ms, tx.now.ms);
        SEALDESK_TRY(move_key(tx, key_serial, KeyState::allocated, actor.login, "", order_no, unit));
        search::add(tx, order_no, {search::Kind::key, key_serial});
        audit::append(tx, actor.login, "key.allocate", order_no, nlohmann::json{{"key", key_serial}, {"unit", unit}}.dump());
        Job job = select_jobs(tx, "AND j.id = :id", id).front();
        if (bench.watch) bench.watch(job, Step::allocate, Moment::recording);
        return Allocated{std::move(job), std::move(order)};
    });
}

Result<> may_begin(Database& database, const Actor& actor, const Bench& bench, const Job& job) {
    return database.read([&](Tx& tx) -> Result<> {
        SEALDESK_TRY(still_to_write(tx, actor, bench.rules, job.order_no));
        const std::string from = name_of(job.done);
        if (storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM key_jobs WHERE id = :id AND step = :from AND abandoned = 0", 0,
                                       job.id, from) != 1)
            return fail(ErrorKind::conflict, trf("KEY {} 正由别处写入", job.key_serial));
        return {};
    });
}

Result<> record(Database& database, const Actor& actor, const Bench& bench, Job& job, Step step,
                const std::function<Result<>(Tx&)>& with) {
    const auto at = [&](Moment moment) {
        if (bench.watch) bench.watch(job, step, moment);
    };
    at(Moment::unrecorded);
    const auto following = next(step);
    const auto recorded = database.write([&](Tx& tx) -> Result<> {
        SEALDESK_TRY(still_to_write(tx, actor, bench.rules, job.order_no));
        SEALDESK_TRY(with(tx));
        // The next step begins with the commit that ends this one: written down before the KEY is touched again.
        const std::string from = name_of(job.done), to = name_of(step), beginning = following ? name_of(*following) : "";
        if (storage::change(tx,
                            "UPDATE key_jobs SET step = :to, beginning = :next, certificate_serial = :serial, request = "
                            ":request, updated_at = :now WHERE id = :id AND step = :from AND abandoned = 0",
                            to, beginning, job.certificate_serial, job.request_pem, tx.now.ms, job.id, from) != 1)
            return fail(ErrorKind::conflict, trf("KEY {} 正由别处写入", job.key_serial));
        if (step == Step::write_certificate) SEALDESK_TRY(move_key(tx, job.key_serial, KeyState::written, actor.login));
        if (step == Step::prove) SEALDESK_TRY(move_key(tx, job.key_serial, KeyState::verified, actor.login));
        job.updated_at = tx.now;
        at(Moment::recording);
        return {};
    });
    if (!recorded) return recorded;
    job.done = step;
    job.beginning = following;
    at(Moment::recorded);
    return {};
}

Result<> name_certificate(Database& database, Job& job, const std::function<Result<std::string>(Tx&)>& with) {
    auto named = database.write([&](Tx& tx) -> Result<std::string> {
        SEALDESK_LET(serial, with(tx));
        if (storage::change(tx,
                            "UPDATE key_jobs SET certificate_serial = :serial, updated_at = :now WHERE id = :id AND "
                            "certificate_serial = :before AND abandoned = 0",
                            serial, tx.now.ms, job.id, job.certificate_serial) != 1)
            return fail(ErrorKind::conflict, trf("KEY {} 正由别处写入", job.key_serial));
        return serial;
    });
    if (!named) return tl::unexpected(named.error());
    job.certificate_serial = std::move(*named);
    return {};
}

std::optional<Job> live_job(Tx& tx, const std::string& key_serial) {
    auto list = select_jobs(tx, "AND j.key_serial = :key", key_serial);
    if (list.empty()) return std::nullopt;
    return std::move(list.front());
}

Result<std::optional<Job>> job_of(Database& database, const std::string& key_serial) {
    return database.read([&](Tx& tx) -> Result<std::optional<Job>> { return live_job(tx, key_serial); });
}

void give_up(Tx& tx, const Job& job) { storage::change(tx, "UPDATE key_jobs SET abandoned = 1 WHERE id = :id", job.id); }

Result<> bind(Tx& tx, const Actor& actor, const Rules& rules, const Job& job) {
    SEALDESK_LET(order, orders::load(tx, job.order_no));
    if (order.state != State::approved)
        return fail(ErrorKind::conflict, trf("订单 {} 现在是“{}”，KEY 不能绑定", job.order_no, word_of(order.state)));
    SEALDESK_TRY(move_key(tx, job.key_serial, KeyState::bound, actor.login));
    if (rules.random_pin) pin_is_owed(tx, job.order_no, job.key_serial);
    const nlohmann::json facts{{"key_serial", job.key_serial},
                               {"certificate_serial", job.certificate_serial},
                               {"subject", order.order.subject.name},
                               {"document_number", order.order.subject.document_number}};
    acts::queue(tx, job.order_no, order.revision, "bound", facts.dump());
    audit::append(tx, actor.login, "key.bind", job.order_no, facts.dump());
    const auto bound = storage::one<std::int64_t>(
        tx, "SELECT COUNT(*) FROM key_jobs WHERE order_no = :order AND abandoned = 0 AND step = 'bind'", 0, job.order_no);
    if (bound + 1 < order.order.quantity) return {};
    SEALDESK_TRY(orders::move(tx, order, State::issued, actor.login));
    acts::queue(tx, job.order_no, order.revision, "issued", nlohmann::json{{"keys", order.order.quantity}}.dump());
    audit::append(tx, actor.login, "order.issued", job.order_no);
    return {};
}

}  // namespace sealdesk::keys
