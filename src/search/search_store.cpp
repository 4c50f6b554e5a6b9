#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/translate.h"
#include "search/polyphones.h"
#include "search/search.h"
#include "search/terms.h"
#include "storage/rows.h"

namespace sealdesk::search {

using storage::Database;
using storage::Engine;
using storage::Tx;

const char* word_of(Kind kind) {
    switch (kind) {
        case Kind::name: return tr("名称");
        case Kind::order: return tr("订单号");
        case Kind::payment: return tr("支付单号");
        case Kind::document: return tr("证件号码");
        case Kind::mobile: return tr("手机");
        case Kind::key: return tr("KEY 序列号");
        case Kind::certificate: return tr("证书序列号");
        case Kind::waybill: return tr("快递单号");
    }
    return "";
}

namespace {

constexpr const char* kNewest = "2000";  // orders that PostgreSQL looks through before it asks its index

constexpr Kind kNumbers[] = {Kind::order, Kind::payment,     Kind::document, Kind::mobile,
                             Kind::key,   Kind::certificate, Kind::waybill};

// Hits of one kind so far; an order and number stands once.
class Group {
public:
    Group(std::vector<Hit>& all, Kind kind, int most) : all_(all), kind_(kind), most_(static_cast<size_t>(most)) {}
    bool full() const { return count_ >= most_; }
    int room() const { return static_cast<int>(most_); }
    void take(Hit hit) {
        if (full() || !seen_.insert(hit.found + "\n" + hit.order_no).second) return;
        hit.kind = kind_;
        all_.push_back(std::move(hit));
        ++count_;
    }

private:
    std::vector<Hit>& all_;
    Kind kind_;
    size_t most_, count_ = 0;
    std::set<std::string> seen_;
};

void find_number(Tx& tx, Kind kind, const std::string& key, int most, std::vector<Hit>& all) {
    Group group(all, kind, most);
    Hit hit;
    const auto ask = [&](const std::string& condition, int stored_kind, int limit, const auto&... uses) {
        storage::for_each_row(
            tx,
            "SELECT n.value, n.order_no, o.subject_name, o.state FROM search_numbers n JOIN orders o ON o.no = n.order_no WHERE "
            "n.kind = :kind AND " +
                condition + " DESC, n.order_no DESC LIMIT :most",
            std::tie(hit.found, hit.order_no, hit.subject_name, hit.state),
            [&] {
                Hit found = hit;
                if (stored_kind % 2 != 0) found.found = turned(found.found);
                group.take(std::move(found));
            },
            stored_kind, uses..., limit);
    };
    ask("n.value = :value ORDER BY n.value", stored(kind), most, key);
    const std::string after = key + "\x7f", back = turned(key), after_back = back + "\x7f";
    if (!group.full()) ask("n.value > :value AND n.value < :after ORDER BY n.value", stored(kind), most, key, after);
    // Some of these may have been found by their beginning.
    if (!group.full())
        ask("n.value > :value AND n.value < :after ORDER BY n.value", stored(kind) + 1, 2 * most, back, after_back);
}

// Rows of `from` whose lines contain every word, by `order`; how many. `first` is bound before the words.
int ask_lines(Tx& tx, const std::string& from, const std::string& first, const char* column,
              const std::vector<std::string>& words, const char* order, int limit, std::vector<Hit>& hits) {
    const char* position = tx.engine == Engine::sqlite ? "instr" : "strpos";
    std::string statement = "SELECT s.order_no, s.names, o.subject_name, o.state FROM " + from;
    for (size_t i = 0; i < words.size(); ++i) statement += fmt::format(" AND {}(s.{}, :word{}) > 0", position, column, i);
    statement += fmt::format(" ORDER BY {} DESC LIMIT :most", order);
    Hit hit;
    storage::Bound rows(tx, statement, first);
    for (const auto& word : words) rows->exchange(soci::use(word));
    rows->exchange(soci::use(limit));
    rows->exchange(soci::into(hit.order_no));
    rows->exchange(soci::into(hit.found));
    rows->exchange(soci::into(hit.subject_name));
    rows->exchange(soci::into(hit.state));
    rows->define_and_bind();
    for (rows->execute(); rows->fetch();) hits.push_back(hit);
    rows.finished();
    return static_cast<int>(hits.size());
}

// Rows whose lines contain every word, newest first. `column`: names or initials.
std::vector<Hit> find_lines(Tx& tx, const char* column, const std::vector<std::string>& words,
                            const std::vector<std::string>& pieces, int limit) {
    std::string terms;
    for (const auto& piece : pieces) terms += (terms.empty() ? "" : " ") + piece;
    std::vector<Hit> hits;
    if (tx.engine == Engine::sqlite) {
        ask_lines(tx,
                  "search_terms f JOIN search_orders s ON s.id = f.rowid JOIN orders o ON o.no = s.order_no "
                  "WHERE f.search_terms MATCH :terms",
                  terms, column, words, "f.rowid", limit, hits);
        return hits;
    }
    // A common word is among the newest orders often enough; its index would have to sort hundreds of thousands.
    const int found = ask_lines(tx,
                                "(SELECT * FROM search_orders ORDER BY id DESC LIMIT CAST(:newest AS INTEGER)) s "
                                "JOIN orders o ON o.no = s.order_no WHERE TRUE",
                                kNewest, column, words, "s.id", limit, hits);
    if (found == limit) return hits;
    hits.clear();
    // "+ 0": for a word that it takes to be common PostgreSQL would walk the whole table by its ids.
    ask_lines(tx, "search_orders s JOIN orders o ON o.no = s.order_no WHERE s.terms @> string_to_array(:terms, ' ')", terms,
              column, words, "s.id + 0", limit, hits);
    return hits;
}

bool contains_all(const std::string& line, const std::vector<std::string>& words) {
    return std::all_of(words.begin(), words.end(), [&](const auto& word) { return line.find(word) != std::string::npos; });
}

void find_name(Tx& tx, std::string_view text, int most, std::vector<Hit>& all) {
    Group group(all, Kind::name, most);
    std::vector<std::string> words, pieces;
    for (const auto& word : split(half_width(text), ' '))
        if (auto key = name_key(word); !key.empty()) words.push_back(std::move(key));
    for (const auto& word : words)
        for (auto& piece : pieces_to_find_name(word)) pieces.push_back(std::move(piece));
    if (!pieces.empty())
        // Two words may stand in two names of one order: a few more are asked for than are shown.
        for (auto& hit : find_lines(tx, "names", words, pieces, words.size() > 1 ? most * 20 : most))
            for (auto& line : split(hit.found, '\n')) {
                if (!contains_all(line, words)) continue;
                hit.found = line;
                group.take(std::move(hit));
                break;
            }
    const std::string initials = initials_key(text);
    if (initials.size() < 2 || group.full()) return;
    std::set<std::string> there;
    for (const auto& hit : all) there.insert(hit.order_no);
    for (auto& hit : find_lines(tx, "initials", {initials}, pieces_to_find_initials(initials), 2 * most)) {
        if (there.contains(hit.order_no)) continue;
        for (auto& line : split(hit.found, '\n')) {
            const auto read = spellings(line);
            if (std::none_of(read.begin(), read.end(), [&](const auto& one) { return one.find(initials) != one.npos; })) continue;
            hit.found = line;
            group.take(std::move(hit));
            break;
        }
    }
}

}  // namespace

Result<std::vector<Hit>> find(Tx& tx, std::string_view text, int most) {
    std::vector<Hit> all;
    const std::string typed = trimmed(text);
    if (!is_utf8(typed) || code_points(name_key(typed)).size() < 2) return all;
    find_name(tx, typed, most, all);
    if (const std::string key = number_key(typed); key.size() >= 2)
        for (const Kind kind : kNumbers) find_number(tx, kind, key, most, all);
    for (Hit& hit : all)
        if (hit.kind == Kind::certificate)
            hit.key_serial =
                storage::one<std::string>(tx, "SELECT key_serial FROM certificates WHERE serial = :serial", "", hit.found);
    return all;
}

Result<std::vector<Hit>> find(Database& database, std::string_view text, int most) {
    return database.read([&](Tx& tx) { return find(tx, text, most); });
}

}  // namespace sealdesk::search
