#include "acts/acts.h"
#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "intake/intake.h"
#include "orders/written.h"
#include "storage/rows.h"
#include "tasks/tasks.h"

namespace sealdesk::intake {

using orders::DeskOrder;
using orders::Order;
using orders::State;
using storage::Database;
using storage::Tx;

namespace {

constexpr const char* kFeed = "portal";

void move_position(Tx& tx, std::int64_t seq) {
    const std::string feed = kFeed;
    if (storage::change(tx, "UPDATE feed SET seq = :seq, heard_at = :now WHERE name = :name", seq, tx.now.ms, feed) == 0)
        storage::change(tx, "INSERT INTO feed (seq, heard_at, name) VALUES (:seq, :now, :name)", seq, tx.now.ms, feed);
}

std::int64_t seq_of(Tx& tx) {
    return storage::one<std::int64_t>(tx, "SELECT seq FROM feed WHERE name = :name", 0, std::string(kFeed));
}

bool known(Tx& tx, const std::string& no) {
    return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM orders WHERE no = :no", 0, no) > 0;
}

// Whoever has nothing to name writes a dash or 无. Kept, a dash would be the officer's word (keys/writing.h) that no
// certificate is revoked.
Order as_ordered(Order order) {
    order.replaced_certificate = half_width(order.replaced_certificate);
    for (const char* nothing : {"-", "--", "–", "—", "——", "/", "无"})
        if (order.replaced_certificate == nothing) order.replaced_certificate.clear();
    return order;
}

Result<> take_paid(Tx& tx, const Event& event, const std::optional<Order>& order) {
    if (!order || order->no != event.order_no) return fail(ErrorKind::corrupt, tr("门户没有给出这个订单的内容"));
    if (known(tx, event.order_no)) return {};  // taken before a restored backup, or told twice
    SEALDESK_TRY(orders::insert(tx, as_ordered(*order)));
    audit::append(tx, "portal", "order.paid", event.order_no);
    return {};
}

Result<> take_resubmitted(Tx& tx, const Event& event, const std::optional<Order>& order) {
    if (!order || order->no != event.order_no) return fail(ErrorKind::corrupt, tr("门户没有给出这个订单的内容"));
    if (!known(tx, event.order_no)) return fail(ErrorKind::corrupt, trf("没有订单 {}", event.order_no));
    SEALDESK_LET(desk, orders::load(tx, event.order_no));
    if (desk.revision >= order->current().revision) return {};
    SEALDESK_TRY(orders::update_form(tx, desk, as_ordered(*order)));
    if (desk.state == State::rejected) SEALDESK_TRY(orders::move(tx, desk, State::paid, "portal"));
    audit::append(tx, "portal", "order.resubmitted", event.order_no, "{\"revision\":" + std::to_string(desk.revision) + "}");
    return {};
}

void keep_fault(Tx& tx, const Event& event, const std::string& reason) {
    storage::change(tx, "INSERT INTO feed_faults (seq, event, reason, at) VALUES (:seq, :event, :reason, :at)", event.seq,
                    event.text, reason, tx.now.ms);
    audit::append(tx, "portal", "feed.fault", event.order_no);
    move_position(tx, event.seq);
}

// A refund wins over a decision that has not left the desk; once a KEY is written a person has to look.
Result<> take_refunded(Tx& tx, const Event& event) {
    if (!known(tx, event.order_no)) return fail(ErrorKind::corrupt, trf("没有订单 {}", event.order_no));
    SEALDESK_LET(desk, orders::load(tx, event.order_no));
    if (desk.state == State::refunded ||
        storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM refunds WHERE order_no = :no", 0, event.order_no) > 0)
        return {};
    const bool written = desk.state == State::issued || !orders::may_become(desk.state, State::refunded) ||
                         orders::key_was_made(tx, event.order_no);
    const std::string state = written ? "needs_person" : "done";
    storage::change(tx, "INSERT INTO refunds (order_no, amount, at, state) VALUES (:no, :amount, :at, :state)", event.order_no,
                    desk.order.amounts.total().value, tx.now.ms, state);
    if (written) {
        audit::append(tx, "portal", "order.refund_after_writing", event.order_no);
        tasks::raise(tx, "refund_after_writing", event.order_no, "",
                     trf("订单 {} 已退款，但 KEY 已开始制作：请收回 KEY、吊销证书，并与申请人核对", event.order_no));
        return {};
    }
    acts::cancel_unsent(tx, event.order_no);
    SEALDESK_TRY(orders::move(tx, desk, State::refunded, "portal"));
    audit::append(tx, "portal", "order.refunded", event.order_no);
    return {};
}

}  // namespace

Result<Position> position(Database& database) {
    return database.read([](Tx& tx) -> Result<Position> {
        Position at;
        storage::for_each_row(
            tx, "SELECT seq, heard_at FROM feed WHERE name = :name", std::tie(at.seq, at.heard_at.ms), [] {}, std::string(kFeed));
        return at;
    });
}

Result<> heard(Database& database) {
    return database.write([](Tx& tx) -> Result<> {
        move_position(tx, seq_of(tx));
        return {};
    });
}

Result<> take(Database& database, const Event& event, const std::optional<Order>& order) {
    const auto taken = database.write([&](Tx& tx) -> Result<> {
        if (event.seq <= seq_of(tx)) return {};
        if (event.kind == "paid")
            SEALDESK_TRY(take_paid(tx, event, order));
        else if (event.kind == "resubmitted")
            SEALDESK_TRY(take_resubmitted(tx, event, order));
        else if (event.kind == "refunded")
            SEALDESK_TRY(take_refunded(tx, event));
        else
            return fail(ErrorKind::corrupt, trf("门户发来不认识的事件“{}”，可能需要升级本程序", event.kind));
        move_position(tx, event.seq);
        return {};
    });
    // The disk or the server will come back; what is wrong with the event itself stays wrong.
    if (taken || taken.error().kind == ErrorKind::unavailable || taken.error().kind == ErrorKind::internal) return taken;
    return put_aside(database, event, taken.error().message);
}

Result<> put_aside(Database& database, const Event& event, const std::string& reason) {
    return database.write([&](Tx& tx) -> Result<> {
        if (event.seq <= seq_of(tx)) return {};
        keep_fault(tx, event, reason);
        return {};
    });
}

Result<std::vector<Fault>> faults(Database& database) {
    return database.read([](Tx& tx) -> Result<std::vector<Fault>> {
        std::vector<Fault> list;
        Fault f;
        storage::for_each_row(tx, "SELECT seq, event, reason, at FROM feed_faults WHERE settled = 0 ORDER BY seq",
                              std::tie(f.seq, f.event, f.reason, f.at.ms), [&] { list.push_back(f); });
        return list;
    });
}

Result<> settle(Database& database, const std::string& actor, std::int64_t seq) {
    return database.write([&](Tx& tx) -> Result<> {
        if (storage::change(tx, "UPDATE feed_faults SET settled = 1 WHERE seq = :seq AND settled = 0", seq) == 0)
            return fail(ErrorKind::conflict, tr("这个事件已经处理过了"));
        audit::append(tx, actor, "feed.settle", std::to_string(seq));
        return {};
    });
}

}  // namespace sealdesk::intake
