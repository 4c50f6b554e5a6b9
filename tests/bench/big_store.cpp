#include "tests/bench/big_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>

#include "audit/audit.h"
#include "base/files.h"
#include "base/text.h"
#include "orders/number_ranges.h"
#include "orders/orders.h"
#include "scans/package_store.h"
#include "search/search.h"
#include "staff/staff.h"
#include "sync/packages_store.h"
#include "tests/bench/bulk_rows.h"
#include "tests/support/databases.h"
#include "tests/support/invented.h"

namespace sealdesk::bench {

namespace fs = std::filesystem;
using orders::State;

namespace {

constexpr Table kPayments{"payments", "no, channel, trade_no, freight, handling_fee, total, orders, paid_at, settled", 9};
constexpr Table kOrders{
    "orders",
    "no, kind, cause, replaced_certificate, subject_kind, subject_name, document_kind, document_number, role, "
    "enterprise, handler, mobile, years, quantity, amount_certificate, amount_key, payment_no, title_kind, "
    "title_name, title_tax_number, delivery_method, recipient, recipient_mobile, address, state, revision, "
    "waiting_since, approved_by",
    28};
constexpr Table kChanges{"state_changes", "order_no, from_state, to_state, at, actor", 5};
constexpr Table kSubmissions{"submissions", "order_no, revision, package_sha256, package_name, package_bytes, submitted_at", 6};
constexpr Table kDecisions{"decisions", "id, order_no, revision, verdict, note, staff, at, waiting_since", 8};
constexpr Table kReasons{"decision_reasons", "decision_id, code, text", 3};
constexpr Table kActs{"acts", "uuid, order_no, revision, kind, body, state, created_at, not_before, sent_at", 9};
constexpr Table kKeys{"keys", "serial, label, state, order_no, unit_no, updated_at", 6};
constexpr Table kJobs{"key_jobs",
                      "order_no, unit_no, key_serial, step, certificate_serial, request, officer, started_at, updated_at", 9};
constexpr Table kCertificates{"certificates",
                              "serial, order_no, unit_no, key_serial, subject_name, document_number, state, pem, not_before, "
                              "not_after, created_at, revoked_at, revocation_reason",
                              13};
constexpr Table kInvoices{"invoices",
                          "number, payment_no, title_kind, title_name, title_tax_number, total, tax, document, issued_by, "
                          "issued_at",
                          10};
constexpr Table kShipments{"shipments",
                           "id, payment_no, method, recipient, mobile, address, courier, waybill, state, packed_by, packed_at, "
                           "handed_over_at, prints",
                           13};
constexpr Table kParcels{"shipment_orders", "order_no, shipment_id", 2};
constexpr Table kRefunds{"refunds", "order_no, amount, at, state", 4};
constexpr Table kAudit{"audit", "seq, at, actor, action, subject, details, previous_hash, hash", 8};

constexpr std::array<const char*, 3> kReviewers{"wangmin", "lijing", "zhaoqiang"};
constexpr std::array<std::pair<const char*, const char*>, 4> kFaults{{{"A1", "申请表没有盖章，请盖章后重新上传"},
                                                                      {"B2", "营业执照不清楚，请重新扫描"},
                                                                      {"C1", "身份证缺少反面"},
                                                                      {"D4", "材料与订单填写的内容不一致"}}};

// What is common to the orders that were paid together.
struct Purchase {
    std::string no, title, tax_number, recipient, mobile, address;
    bool unit = true, courier = true, alipay = true;
    int orders = 1;
    std::int64_t paid_at = 0, total = 0;
};
struct Made {
    std::string no;
    State state = State::paid;
    std::int64_t certificate = 0, key = 0, issued_at = 0, packed_at = 0, out_at = 0;
};

class Filler {
public:
    Filler(BulkRows& rows, const BigStore& wanted, Instant now)
        : rows_(rows), wanted_(wanted), now_(now.ms), made_up_(wanted.seed), previous_(64, '0') {}

    void fill() {
        for (int n = 0; n < wanted_.orders;) {
            const int together = made_up_.chance(15) ? std::min(2 + made_up_.below(3), wanted_.orders - n) : 1;
            purchase(n, together);
            n += together;
        }
        rows_.run("INSERT INTO state_counts (state, orders) SELECT state, COUNT(*) FROM orders GROUP BY state");
    }

private:
    // Where order `n` (0 is the oldest) stands today: the newest some hundreds are on their way.
    State state_of(int n) {
        const int from_end = wanted_.orders - 1 - n;
        if (from_end < 400) return made_up_.chance(8) ? State::rejected : State::paid;
        if (from_end < 520) return State::approved;
        if (from_end < 600) return State::issued;
        if (from_end < 640) return State::packed;
        const int lot = made_up_.below(1000);
        if (lot < 5) return from_end < 5000 ? State::rejected : State::refunded;  // who never corrects is paid back
        return lot < 17 ? State::refunded : State::completed;
    }

    void purchase(int first, int together) {
        Purchase bought;
        bought.no = fmt::format("PAY{:09}", 200'000'000 + first);
        bought.unit = made_up_.chance(85);
        bought.title = bought.unit ? made_up_.company() : made_up_.person();
        bought.tax_number = bought.unit ? made_up_.uscc() : "";
        bought.recipient = made_up_.person();
        bought.mobile = made_up_.mobile();
        bought.address = made_up_.address();
        bought.courier = made_up_.chance(94);
        bought.alipay = made_up_.chance(70);
        bought.orders = together;
        // Three years of steady work, the newest an hour ago.
        const std::int64_t span = 3 * 365 * kDay;
        bought.paid_at = now_ - kHour - span / wanted_.orders * (wanted_.orders - first) - made_up_.below(kMinute);
        std::vector<Made> list;
        for (int i = 0; i < together; ++i) list.push_back(order(first + i, bought));
        const std::int64_t freight = bought.courier ? 1500 : 0, fee = 37 + made_up_.below(300);
        std::int64_t sold = freight + fee;
        bought.total = freight + fee;
        for (const auto& each : list) {
            bought.total += each.certificate + each.key;
            if (each.state != State::refunded) sold += each.certificate + each.key;
        }
        const bool paid_back =
            std::all_of(list.begin(), list.end(), [](const Made& each) { return each.state == State::refunded; });
        const bool settled = invoice(bought, list, sold) || paid_back;
        rows_.add(kPayments, {bought.no, bought.alipay ? "alipay" : "cpcn", made_up_.digits(28), freight, fee, bought.total,
                              std::int64_t{together}, bought.paid_at, std::int64_t{settled ? 1 : 0}});
        parcel(bought, list);
    }

    Made order(int n, const Purchase& bought) {
        Made made;
        made.no = fmt::format("SD{:09}", 100'000'000 + n);
        made.state = state_of(n);
        audited_ = n >= wanted_.orders - wanted_.audited;
        const bool unit = bought.unit || made_up_.chance(20);
        const std::string name = unit ? (n % 3 == 0 ? bought.title : made_up_.company()) : made_up_.person(),
                          document = unit ? made_up_.uscc() : made_up_.identity_number(), handler = made_up_.person(),
                          mobile = made_up_.mobile();
        const int years = 1 + made_up_.below(3), quantity = made_up_.chance(92) ? 1 : 2 + made_up_.below(3);
        made.certificate = 15000LL * years * quantity;
        made.key = 10000LL * quantity;
        const int kind = made_up_.below(100);
        const char* kinds[] = {"create", "replacement", "renewal", "change"};
        const char* kind_name = kinds[kind < 62 ? 0 : kind < 74 ? 1 : kind < 95 ? 2 : 3];
        const std::string approved_by = kReviewers[static_cast<size_t>(made_up_.below(3))];
        revision_ = 1;
        at_ = bought.paid_at;
        before_ = "";
        submission(made.no, name);
        change(made.no, "paid", "portal");
        audit("portal", "order.paid", made.no, "");
        std::int64_t since = bought.paid_at;
        const bool returned =
            made.state != State::paid && made.state != State::refunded && (made.state == State::rejected || made_up_.chance(8));
        if (returned) {
            decide(made.no, approved_by, "rejected");
            since = at_;
            if (made.state != State::rejected) {
                later(20 * kHour);
                ++revision_;
                submission(made.no, name);
                change(made.no, "paid", "portal");
                audit("portal", "order.resubmitted", made.no, fmt::format("{{\"revision\":{}}}", revision_));
                since = at_;
            }
        }
        if (made.state == State::refunded) {
            later(30 * kHour);
            change(made.no, "refunded", "portal");
            audit("portal", "order.refunded", made.no, "");
            rows_.add(kRefunds, {made.no, made.certificate + made.key, at_, "done"});
            since = at_;
        }
        const bool approved = made.state == State::approved || made.state == State::issued || made.state == State::packed ||
                              made.state == State::completed;
        if (approved) {
            decide(made.no, approved_by, "approved");
            since = at_;
        }
        if (approved && made.state != State::approved) {
            later(26 * kHour);
            for (int unit_no = 1; unit_no <= quantity; ++unit_no) key(made, name, document, unit_no, years);
            change(made.no, "issued", "zhaoqiang");
            audit("zhaoqiang", "order.issued", made.no, "");
            act(made.no, "issued", fmt::format("{{\"keys\":{}}}", quantity));
            made.issued_at = since = at_;
        }
        if (made.state == State::packed || made.state == State::completed) {
            later(8 * kHour);
            change(made.no, "packed", "sunli");
            made.packed_at = since = at_;
        }
        if (made.state == State::completed) {
            later(10 * kHour);
            change(made.no, "completed", "sunli");
            made.out_at = since = at_;
        }
        rows_.add(kOrders, {made.no,
                            kind_name,
                            kind_name == std::string_view("replacement") ? "lost" : "none",
                            "",
                            unit ? "unit" : "person",
                            name,
                            unit ? "uscc" : "identity_card",
                            document,
                            unit ? "none" : "cost_engineer",
                            unit ? "" : bought.title,
                            handler,
                            mobile,
                            std::int64_t{years},
                            std::int64_t{quantity},
                            made.certificate,
                            made.key,
                            bought.no,
                            bought.unit ? "unit" : "person",
                            bought.title,
                            bought.tax_number,
                            bought.courier ? "courier" : "pickup",
                            bought.recipient,
                            bought.mobile,
                            bought.address,
                            name_of(made.state),
                            std::int64_t{revision_},
                            since,
                            approved ? approved_by : ""});
        return made;
    }

    void later(std::int64_t most) {
        const std::int64_t latest = now_ - kMinute;
        at_ = std::min(latest, at_ + most / 10 + static_cast<std::int64_t>(made_up_.number() % static_cast<std::uint64_t>(most)));
    }

    void change(const std::string& no, const char* to, const char* actor) {
        rows_.add(kChanges, {no, before_, to, at_, actor});
        before_ = to;
    }

    void submission(const std::string& no, const std::string& name) {
        rows_.add(kSubmissions, {no, std::int64_t{revision_}, made_up_.hex(64, false), name + "申请材料.zip",
                                 std::int64_t{400'000 + made_up_.below(9'000'000)}, at_});
    }

    void decide(const std::string& no, const std::string& reviewer, const char* verdict) {
        const std::int64_t since = at_;
        later(5 * kHour);
        const bool rejected = verdict == std::string_view("rejected");
        rows_.add(kDecisions, {++decisions_, no, std::int64_t{revision_}, verdict, "", reviewer, at_, since});
        if (rejected) {
            const auto& [code, text] = kFaults[static_cast<size_t>(made_up_.below(4))];
            rows_.add(kReasons, {decisions_, code, text});
        }
        change(no, verdict, reviewer.c_str());
        audit(reviewer, "review.claim", no, "");
        audit(reviewer, rejected ? "review.reject" : "review.approve", no, fmt::format("{{\"revision\":{}}}", revision_));
        act(no, verdict, "{}");
    }

    void act(const std::string& no, const char* kind, const std::string& body) {
        rows_.add(kActs, {made_up_.hex(36, false), no, std::int64_t{revision_}, kind, body, "sent", at_, at_, at_ + 900});
    }

    void key(const Made& made, const std::string& name, const std::string& document, int unit_no, int years) {
        const std::string serial = made_up_.hex(16, false), certificate = made_up_.hex(40, true);
        const bool shipped = made.state == State::completed, revoked = shipped && made_up_.chance(2);
        rows_.add(kKeys, {serial, "", shipped ? "shipped" : "bound", made.no, std::int64_t{unit_no}, at_});
        // As long as a request and a certificate are.
        rows_.add(kJobs, {made.no, std::int64_t{unit_no}, serial, "bind", certificate, made_up_.hex(800, false), "zhaoqiang",
                          at_ - 20 * kSecond, at_});
        rows_.add(kCertificates, {certificate, made.no, std::int64_t{unit_no}, serial, name, document,
                                  revoked ? "revoked" : "valid", made_up_.hex(1400, false), at_, at_ + years * 365 * kDay, at_,
                                  revoked ? std::min(now_ - kMinute, at_ + 90 * kDay) : 0, std::int64_t{revoked ? 4 : 0}});
        const std::string facts = fmt::format(R"({{"certificate_serial":"{}","key_serial":"{}"}})", certificate, serial);
        audit("zhaoqiang", "key.allocate", made.no, fmt::format(R"({{"key":"{}","unit":{}}})", serial, unit_no));
        audit("zhaoqiang", "key.bind", made.no, facts);
        act(made.no, "bound", facts);
    }

    // One for the payment, a day after its last KEY; the newest payments still wait for theirs.
    // False when there is nothing to invoice yet.
    bool invoice(const Purchase& bought, const std::vector<Made>& list, std::int64_t sold) {
        std::int64_t issued = 0;
        for (const auto& each : list) {
            if (each.state == State::refunded) continue;
            if (each.issued_at == 0 || each.state == State::issued) return false;
            issued = std::max(issued, each.issued_at);
        }
        if (issued == 0) return false;
        at_ = issued;
        later(4 * kHour);
        const std::string number = fmt::format("2632{:016}", ++invoices_);
        const std::string document = fmt::format(
            R"({{"number":"{}","payment_no":"{}","seller":{{"name":"电子签章制作中心","tax_number":"91320104MA1X1K2L3Q"}},"title":{{"kind":"{}","name":"{}","tax_number":"{}"}},"orders":["{}"],"lines":[],"net":{},"tax":{},"total":{},"remark":"支付 {}","issued_by":"孙莉","issued_at":{}}})",
            number, bought.no, bought.unit ? "unit" : "person", bought.title, bought.tax_number, list.front().no,
            sold - sold * 6 / 106, sold * 6 / 106, sold, bought.no, at_);
        rows_.add(kInvoices, {number, bought.no, bought.unit ? "unit" : "person", bought.title, bought.tax_number, sold,
                              sold * 6 / 106, document, "sunli", at_});
        for (const auto& each : list) {
            if (each.state == State::refunded) continue;
            audit("sunli", "invoice.issue", each.no, fmt::format(R"({{"number":"{}","payment":"{}"}})", number, bought.no));
            act(each.no, "invoiced", fmt::format(R"({{"number":"{}","total":{}}})", number, sold));
        }
        return true;
    }

    void parcel(const Purchase& bought, const std::vector<Made>& list) {
        std::int64_t packed = 0, out = 0;
        bool waits = false;
        for (const auto& each : list) {
            if (each.packed_at == 0) continue;
            packed = std::max(packed, each.packed_at);
            out = std::max(out, each.out_at);
            waits = waits || each.out_at == 0;
        }
        if (packed == 0) return;
        if (waits) out = 0;
        ++parcels_;
        const std::string waybill = bought.courier ? orders::render("EA{s10}CN", 10'000'000 + parcels_, Day{2026, 11, 22}) : "";
        rows_.add(kShipments, {parcels_, bought.no, bought.courier ? "courier" : "pickup", bought.recipient, bought.mobile,
                               bought.address, bought.courier ? "ems" : "", waybill, out == 0 ? "packed" : "handed_over", "sunli",
                               packed, out, std::int64_t{1}});
        for (const auto& each : list) {
            if (each.packed_at == 0) continue;
            rows_.add(kParcels, {each.no, parcels_});
            at_ = packed;
            audit("sunli", "shipping.pack", each.no, fmt::format(R"({{"shipment":{},"waybill":"{}"}})", parcels_, waybill));
            if (out == 0) continue;
            at_ = out;
            audit("sunli", "shipping.hand_over", each.no, fmt::format(R"({{"shipment":{},"waybill":"{}"}})", parcels_, waybill));
            act(each.no, "shipped", fmt::format(R"({{"waybill":"{}","courier":"ems"}})", waybill));
        }
    }

    void audit(std::string_view actor, std::string_view action, const std::string& subject, std::string details) {
        if (!audited_) return;
        audit::Row row{++seq_, {at_}, std::string(actor), std::string(action), subject, std::move(details), previous_, {}};
        row.hash = audit::hash_of(row);
        rows_.add(kAudit, {row.seq, row.at.ms, row.actor, row.action, row.subject, row.details, row.previous_hash, row.hash});
        previous_ = row.hash;
    }

    BulkRows& rows_;
    BigStore wanted_;
    std::int64_t now_;
    tests::Invented made_up_;
    std::string previous_, before_;
    std::int64_t at_ = 0, seq_ = 0, decisions_ = 0, invoices_ = 0, parcels_ = 0;
    int revision_ = 1;
    bool audited_ = false;
};

Result<> add_staff(storage::Database& database) {
    using staff::Role;
    const staff::Roles all = Role::reviewer | Role::officer;
    return staff::add(
        database, nullptr,
        {kLogin, "王敏", all | (Role::clerk | Role::supervisor) | static_cast<staff::Roles>(Role::administrator), true, {}},
        crypto::Secret(std::string(kPassword)));
}

// Something in the place of every package of the queue: a desk that has its packages does not ask for them.
Result<> fetch_packages(const std::string& file, const fs::path& folder) {
    SEALDESK_LET(database, open_store(file));
    const scans::PackageStore store(folder);
    for (const auto wanted : {sync::Wanted::in_review, sync::Wanted::to_seal}) {
        SEALDESK_LET(list, sync::packages_of(*database, wanted));
        for (const auto& sha256 : list) {
            SEALDESK_LET(path, store.path_of(sha256));
            SEALDESK_TRY(make_folder(path.parent_path()));
            SEALDESK_TRY(write_file(path, "a package"));
        }
    }
    return {};
}

// Named after what it was made of, so that a store of older migrations is not used again.
std::string name_of_store(int orders, Instant now) {
    int migrations = 0;
    for (const auto& entry : fs::directory_iterator(tests::source("data/migrations/desk")))
        if (entry.path().extension() == ".sql") ++migrations;
    constexpr int kRecipe = 4;
    return fmt::format("sealdesk-bench-{}-{}-{}-{}", orders, kRecipe, migrations, text_of(day_of(now)));
}

}  // namespace

Result<> fill(const std::string& url, const fs::path& scratch, const BigStore& wanted, Instant now) {
    SEALDESK_LET(rows, BulkRows::open(url, scratch));
    Filler(*rows, wanted, now).fill();
    SEALDESK_TRY(rows->finish());
    rows.reset();
    SEALDESK_LET(database, open_store(url));
    SEALDESK_TRY(orders::recount(*database));  // fills the days
    for (search::Filled so_far;;) {
        SEALDESK_LET(complete, search::fill_next(*database, so_far));
        if (complete) break;
    }
    return add_staff(*database);
}

Result<std::unique_ptr<storage::Database>> open_store(const std::string& url) {
    static const SystemClock clock;
    static crypto::SystemRandom random;
    return storage::Database::open({url, tests::source("data/migrations/desk"), &clock, &random, 6});
}

Result<fs::path> big_home(int orders) {
    const char* wanted = std::getenv("SEALDESK_BENCH_STORES");
    const Instant now = SystemClock().now();
    const fs::path home = (wanted != nullptr ? fs::path(wanted) : fs::temp_directory_path()) / name_of_store(orders, now),
                   making = home.string() + ".part";
    if (fs::exists(home / "desk.sqlite")) return home;
    fs::remove_all(making);
    SEALDESK_TRY(make_folder(making));
    const std::string file = making / "desk.sqlite";
    SEALDESK_TRY(open_store(file));
    SEALDESK_TRY(fill(file, making, {.orders = orders}, now));
    SEALDESK_TRY(fetch_packages(file, making / "packages"));
    fs::remove_all(home);
    fs::rename(making, home);
    return home;
}

Result<storage::Database*> big_store(storage::Engine engine, int orders) {
    static std::map<std::pair<storage::Engine, int>, std::unique_ptr<storage::Database>> open;
    auto& there = open[{engine, orders}];
    if (there) return there.get();
    if (engine == storage::Engine::sqlite) {
        SEALDESK_LET(home, big_home(orders));
        SEALDESK_LET(database, open_store(home / "desk.sqlite"));
        there = std::move(database);
        return there.get();
    }
    static const tests::TemporaryFolder folder;  // of the server that goes with this process
    const std::string url = tests::new_database_url(engine, folder.path());
    SEALDESK_TRY(open_store(url));
    SEALDESK_TRY(fill(url, folder.path(), {.orders = orders, .audited = 0}, SystemClock().now()));
    SEALDESK_LET(database, open_store(url));
    SEALDESK_TRY(database->execute("VACUUM ANALYZE"));
    there = std::move(database);
    return there.get();
}

}  // namespace sealdesk::bench
