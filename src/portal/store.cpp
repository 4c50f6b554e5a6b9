#include "portal/store.h"

#include "base/translate.h"
#include "crypto/digest.h"
#include "orders/order_json.h"
#include "portal/rows.h"

namespace sealdesk::portal {

using nlohmann::json;
using storage::Database;
using storage::Tx;

json to_json(const Event& event) {
    return {{"seq", event.seq},
            {"at", event.at.ms},
            {"kind", event.kind},
            {"order_no", event.order_no},
            {"revision", event.revision}};
}

namespace {

std::int64_t last_seq_of(Tx& tx) {
    long long seq = 0;
    tx.sql << "SELECT COALESCE(MAX(seq), 0) FROM events", soci::into(seq);
    return seq;
}

// Writers exclude each other (Database::write), so the next number is also the next commit.
void add_event(Tx& tx, const std::string& kind, const std::string& order_no, int revision) {
    const long long seq = last_seq_of(tx) + 1;
    tx.sql << "INSERT INTO events (seq, at, kind, order_no, revision) VALUES (:seq, :at, :kind, :order_no, :revision)",
        soci::use(seq), soci::use(tx.now.ms), soci::use(kind), soci::use(order_no), soci::use(revision);
}

Failure unknown_order(const std::string& order_no) { return refused(trf("没有订单 {}", order_no)); }

}  // namespace

Result<Placed> place_order(Database& database, const orders::Order& order) {
    SEALDESK_TRY(orders::check_form(order));
    return database.write([&](Tx& tx) -> Result<Placed> {
        if (read_row(tx, order.no)) return Placed::before;
        const std::string state = orders::name_of(orders::State::paid);
        const std::string applicant_state = orders::name_of(orders::applicant_state(orders::State::paid));
        const std::string document = orders::to_json(order).dump();
        const int revision = order.current().revision;
        tx.sql << "INSERT INTO orders (no, state, applicant_state, revision, subject_name, document_number, mobile, payment_no, "
                  "document, placed_at, changed_at) VALUES (:no, :state, :applicant_state, :revision, :name, :number, :mobile, "
                  ":payment, :document, :placed, :changed)",
            soci::use(order.no), soci::use(state), soci::use(applicant_state), soci::use(revision), soci::use(order.subject.name),
            soci::use(order.subject.document_number), soci::use(order.subject.mobile), soci::use(order.payment.no),
            soci::use(document), soci::use(tx.now.ms), soci::use(tx.now.ms);
        add_event(tx, "paid", order.no, revision);
        return Placed::now;
    });
}

Result<> resubmit(Database& database, const std::string& order_no, orders::Submission submission) {
    return database.write([&](Tx& tx) -> Result<> {
        auto row = read_row(tx, order_no);
        if (!row) return unknown_order(order_no);
        if (row->state != orders::State::rejected)
            return fail(ErrorKind::conflict, trf("订单现在是“{}”，不需要重传材料", orders::word_of(row->state)));
        SEALDESK_LET(order, orders::order_from_json_text(row->document));
        submission.revision = row->revision + 1;
        submission.submitted_at = tx.now;
        order.submissions.push_back(submission);
        SEALDESK_TRY(orders::check_form(order));
        row->state = orders::State::paid;
        row->revision = submission.revision;
        row->reasons = "[]";
        row->document = orders::to_json(order).dump();
        update_row(tx, *row);
        add_event(tx, "resubmitted", order_no, row->revision);
        return {};
    });
}

Result<> refund(Database& database, const std::string& order_no) {
    return database.write([&](Tx& tx) -> Result<> {
        auto row = read_row(tx, order_no);
        if (!row) return unknown_order(order_no);
        if (row->state == orders::State::issued)  // only the desk, which takes the KEYs back
            return fail(ErrorKind::conflict, trf("订单 {} 的 KEY 已经写好，请联系中心办理退款", order_no));
        SEALDESK_TRY(orders::check_transition(row->state, orders::State::refunded));
        row->state = orders::State::refunded;
        update_row(tx, *row);
        add_event(tx, "refunded", order_no, row->revision);
        return {};
    });
}

Result<std::vector<Event>> events_after(Database& database, std::int64_t after, int limit) {
    return database.read([&](Tx& tx) -> Result<std::vector<Event>> {
        // Typed variables rather than soci::row, which reads SQLite's INTEGER as 32 bits.
        long long seq = 0, at = 0;
        Event event;
        soci::statement next = (tx.sql.prepare << "SELECT seq, at, kind, order_no, revision FROM events WHERE seq > :after "
                                                  "ORDER BY seq LIMIT :limit",
                                soci::into(seq), soci::into(at), soci::into(event.kind), soci::into(event.order_no),
                                soci::into(event.revision), soci::use(after), soci::use(limit));
        next.execute();
        std::vector<Event> events;
        while (next.fetch()) {
            event.seq = seq;
            event.at = Instant{at};
            events.push_back(event);
        }
        return events;
    });
}

Result<std::int64_t> last_seq(Database& database) {
    return database.read([](Tx& tx) -> Result<std::int64_t> { return last_seq_of(tx); });
}

Result<std::optional<json>> find_order(Database& database, const std::string& order_no) {
    return database.read([&](Tx& tx) -> Result<std::optional<json>> {
        const auto row = read_row(tx, order_no);
        if (!row) return std::nullopt;
        return to_json(*row);
    });
}

Result<std::optional<std::string>> desk_of_token(Database& database, const std::string& token) {
    const std::string hash = sha256_hex(token);
    return database.read([&](Tx& tx) -> Result<std::optional<std::string>> {
        std::optional<std::string> found;
        const soci::rowset<soci::row> rows = (tx.sql.prepare << "SELECT name, token_sha256 FROM desks ORDER BY name");
        for (const auto& row : rows) {
            const auto known = row.get<std::string>(1);
            int differs = known.size() == hash.size() ? 0 : 1;
            for (size_t i = 0; i < hash.size() && i < known.size(); ++i)
                differs |= static_cast<unsigned char>(hash[i]) ^ static_cast<unsigned char>(known[i]);
            if (differs == 0) found = row.get<std::string>(0);
        }
        return found;
    });
}

Result<> set_token(Database& database, const std::string& desk, const std::string& token) {
    if (token.size() < 16) return refused(trf("工作台 {} 的令牌太短，至少 16 个字符", desk));
    const std::string hash = sha256_hex(token);
    return database.write([&](Tx& tx) -> Result<> {
        tx.sql << "DELETE FROM desks WHERE name = :name", soci::use(desk);
        tx.sql << "INSERT INTO desks (name, token_sha256, added_at) VALUES (:name, :hash, :at)", soci::use(desk), soci::use(hash),
            soci::use(tx.now.ms);
        return {};
    });
}

}  // namespace sealdesk::portal
