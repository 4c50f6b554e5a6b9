// Finding orders: what the index answers against a look at every order, and that the verbs keep it up to date.
#include "search/search.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "search/polyphones.h"
#include "search/terms.h"
#include "support/databases.h"
#include "support/invented.h"

namespace sealdesk::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kMost = 6;

// An order without its facts' meaning: the index only needs a row to join.
void put_order(storage::Tx& tx, const std::string& no, const std::string& name) {
    tx.sql << "INSERT INTO orders (no, kind, cause, replaced_certificate, subject_kind, subject_name, document_kind, "
              "document_number, role, enterprise, handler, mobile, years, quantity, amount_certificate, amount_key, payment_no, "
              "title_kind, title_name, title_tax_number, delivery_method, recipient, recipient_mobile, address, state, revision, "
              "waiting_since) VALUES (:no, 'create', 'none', '', 'unit', :name, 'uscc', '', 'none', '', '', '', 1, 1, 0, 0, 'P', "
              "'unit', '', '', 'pickup', '', '', '', 'paid', 1, 1)",
        soci::use(no), soci::use(name);
}

class SearchTest : public tests::OnBothEngines {
protected:
    void SetUp() override {
        open();
        ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
            tx.sql << "INSERT INTO payments (no, channel, trade_no, freight, handling_fee, total, orders, paid_at) VALUES ('P', "
                      "'alipay', '', 0, 0, 0, 1, 1)";
            return {};
        }));
    }
    void put(std::vector<Facts> list) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            for (const auto& facts : list) {
                put_order(tx, facts.order_no, facts.names.front());
                search::put(tx, facts);
            }
            return {};
        }));
        for (auto& facts : list) {
            std::vector<Line> lines;
            for (const auto& name : facts.names)
                if (!name.empty()) lines.push_back({name_key(name), readings(name_key(name))});
            lines_.push_back(std::move(lines));
            all_.push_back(std::move(facts));
        }
    }
    std::vector<std::string> numbers_of(const std::string& text) {
        const auto hits = find(*database_, text, kMost);
        EXPECT_TRUE(hits) << hits.error().message << " " << hits.error().detail;
        std::vector<std::string> list;
        for (const auto& hit : hits.value_or(std::vector<Hit>{})) list.push_back(hit.order_no);
        return list;
    }
    std::vector<Hit> brute_force(const std::string& text) const;
    struct Line {
        std::string name;
        std::vector<std::string> readings;  // letters of each character that is read
    };
    static std::vector<std::string> readings(const std::string& name) {
        std::vector<std::string> list;
        for (const char32_t c : code_points(name))
            if (const auto letters = readings_of(c); !letters.empty()) list.push_back(letters);
        return list;
    }
    // Some run of characters can be read so.
    static bool spells(const Line& line, const std::string& letters) {
        for (size_t from = 0; from + letters.size() <= line.readings.size(); ++from) {
            size_t same = 0;
            while (same < letters.size() && line.readings[from + same].find(letters[same]) != std::string::npos) ++same;
            if (same == letters.size()) return true;
        }
        return false;
    }
    std::vector<Facts> all_;  // oldest first
    std::vector<std::vector<Line>> lines_;
};

// What the header promises, by looking at everything.
std::vector<Hit> SearchTest::brute_force(const std::string& text) const {
    std::vector<Hit> hits;
    if (code_points(name_key(text)).size() < 2) return hits;
    const auto take = [&](std::vector<Hit> group) {
        std::set<std::pair<std::string, std::string>> seen;
        for (const auto& hit : group)
            if (seen.size() < kMost && seen.insert({hit.order_no, hit.found}).second) hits.push_back(hit);
    };
    std::vector<std::string> words;
    bool long_enough = false;
    for (const auto& word : split(half_width(text), ' ')) {
        if (!name_key(word).empty()) words.push_back(name_key(word));
        long_enough = long_enough || code_points(name_key(word)).size() >= 2;
    }
    const std::string letters = initials_key(text);
    std::vector<Hit> by_name, by_initials;
    for (size_t n = all_.size(); n-- > 0;) {
        const auto first = [&](auto matches) -> std::optional<Hit> {
            for (const auto& line : lines_[n])
                if (matches(line)) return Hit{Kind::name, all_[n].order_no, line.name, all_[n].names.front(), "paid"};
            return std::nullopt;
        };
        const auto has_words = first([&](const Line& line) {
            return std::all_of(words.begin(), words.end(),
                               [&](const auto& word) { return line.name.find(word) != std::string::npos; });
        });
        if (long_enough && has_words)
            by_name.push_back(*has_words);
        else if (letters.size() >= 2)
            if (const auto hit = first([&](const Line& line) { return spells(line, letters); })) by_initials.push_back(*hit);
    }
    by_name.insert(by_name.end(), by_initials.begin(), by_initials.end());
    take(by_name);
    const std::string key = number_key(text);
    if (key.size() < 2) return hits;
    for (int kind = static_cast<int>(Kind::order); kind <= static_cast<int>(Kind::waybill); ++kind) {
        std::vector<Hit> same, begins, ends;
        for (const auto& facts : all_)
            for (const auto& number : facts.numbers) {
                if (static_cast<int>(number.kind) != kind) continue;
                const Hit hit{number.kind, facts.order_no, number_key(number.value), facts.names.front(), "paid"};
                if (hit.found == key)
                    same.push_back(hit);
                else if (hit.found.starts_with(key))
                    begins.push_back(hit);
                if (hit.found.ends_with(key) && hit.found != key) ends.push_back(hit);
            }
        const auto greatest_first = [](std::vector<Hit>& list, bool back) {
            std::sort(list.begin(), list.end(), [back](const Hit& a, const Hit& b) {
                const auto of = [back](const Hit& hit) { return std::pair(back ? turned(hit.found) : hit.found, hit.order_no); };
                return of(a) > of(b);
            });
        };
        greatest_first(same, false);
        greatest_first(begins, false);
        greatest_first(ends, true);
        same.insert(same.end(), begins.begin(), begins.end());
        same.insert(same.end(), ends.begin(), ends.end());
        take(same);
    }
    return hits;
}

TEST_P(SearchTest, FindsByWhateverIsInHand) {
    put({{"SD1", {"南京垚鑫建设有限公司", "", "周敏"}, {{Kind::order, "SD1"}, {Kind::mobile, "13800138000"}}},
         {"SD2", {"苏州𠮷祥ABC咨询", "", "王小明"}, {{Kind::document, "91320104MA1X1K2L3Q"}, {Kind::key, "00ab12cd"}}}});
    EXPECT_THAT(numbers_of("垚鑫"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("小明"), ElementsAre("SD2"));
    EXPECT_THAT(numbers_of("𠮷祥"), ElementsAre("SD2"));
    EXPECT_THAT(numbers_of("ａｂｃ"), ElementsAre("SD2"));
    EXPECT_THAT(numbers_of("njyx"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("南京 建设"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("南京 周敏"), IsEmpty()) << "the words stand in two names";
    EXPECT_THAT(numbers_of("138 0013 8000"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("8000"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("l3q"), ElementsAre("SD2"));
    EXPECT_THAT(numbers_of("00AB12CD"), ElementsAre("SD2"));
    EXPECT_THAT(numbers_of("SD"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("垚"), IsEmpty()) << "one character is not looked for";
    EXPECT_THAT(numbers_of("鑫垚"), IsEmpty());
    EXPECT_THAT(numbers_of("%_"), IsEmpty());
    EXPECT_THAT(numbers_of("\" OR *"), IsEmpty());
    EXPECT_THAT(numbers_of(""), IsEmpty());
}

TEST(Spellings, AreAllReadingsTheUsualFirst) {
    EXPECT_EQ(spellings("南京A1（南）"), std::vector<std::string>{"nja1n"});
    EXPECT_THAT(spellings("长乐"), testing::UnorderedElementsAre("cl", "zl", "cy", "zy"));
    EXPECT_EQ(readings_of(U'长')[0], pinyin_initials("长")[0]);
    EXPECT_THAT(readings_of(U'单'), testing::UnorderedElementsAre('d', 'c', 's'));
    EXPECT_THAT(spellings("（）"), IsEmpty());
    EXPECT_THAT(spellings(""), IsEmpty());
    const auto many = spellings("长长长长长长长长长长");
    EXPECT_EQ(many.size(), kMostSpellings);
    EXPECT_EQ(std::set<std::string>(many.begin(), many.end()).size(), many.size());
    EXPECT_EQ(many.front(), pinyin_initials("长长长长长长长长长长"));
}

TEST_P(SearchTest, FindsANameByEveryReading) {
    put({{"SD1", {"南京长乐重工有限公司"}, {}}, {"SD2", {"苏州知行学校"}, {}}, {"SD3", {"仇小单"}, {}}});
    for (const char* typed : {"njcl", "njzl", "zyzg", "clcg", "lcg"}) EXPECT_THAT(numbers_of(typed), ElementsAre("SD1")) << typed;
    for (const char* typed : {"zxxx", "zhxj", "szzh"}) EXPECT_THAT(numbers_of(typed), ElementsAre("SD2")) << typed;
    for (const char* typed : {"qxs", "cxd", "QXC"}) EXPECT_THAT(numbers_of(typed), ElementsAre("SD3")) << typed;
    EXPECT_THAT(numbers_of("njxl"), IsEmpty());
}

TEST_P(SearchTest, WritesARowOfOlderRulesAnew) {
    put({{"SD1", {"南京长乐重工有限公司"}, {}}});
    // As the first version of the index had it: one reading for each character.
    ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
        tx.sql << "DELETE FROM search_orders";
        tx.sql << "INSERT INTO search_orders (id, order_no, names, initials) VALUES (7, 'SD1', '南京长乐', 'njzl')";
        if (tx.engine == storage::Engine::sqlite) {
            tx.sql << "INSERT INTO search_terms (search_terms) VALUES ('delete-all')";
            tx.sql << "INSERT INTO search_terms (rowid, terms) VALUES (7, 'h53574eac h4eac957f h957f4e50 pjz pnj pnjz pjzl pzl')";
        }
        tx.sql << "INSERT INTO settings (name, value) VALUES ('search', 'filled')";
        return {};
    }));
    Filled so_far;
    EXPECT_TRUE(fill_next(*database_, so_far).value());
    EXPECT_THAT(numbers_of("njcl"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("njzl"), ElementsAre("SD1"));
    Filled again;
    EXPECT_TRUE(fill_next(*database_, again).value());
    EXPECT_EQ(again.since, -1) << "asked once";
}

TEST_P(SearchTest, FollowsACorrection) {
    const Facts before{"SD1", {"南京垚鑫建设有限公司"}, {{Kind::mobile, "13800138000"}, {Kind::document, "A-1"}}};
    const Facts now{"SD1", {"南京森淼建设有限公司"}, {{Kind::mobile, "13900139000"}, {Kind::document, "A-1"}}};
    put({before});
    ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
        search::put(tx, now, before);
        return {};
    }));
    EXPECT_THAT(numbers_of("垚鑫"), IsEmpty());
    EXPECT_THAT(numbers_of("njyx"), IsEmpty());
    EXPECT_THAT(numbers_of("13800138000"), IsEmpty());
    EXPECT_THAT(numbers_of("森淼"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("139001"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("a-1"), ElementsAre("SD1"));
}

TEST_P(SearchTest, AgreesWithALookAtEveryOrder) {
    tests::Invented made_up(7);
    std::vector<Facts> list;
    for (int n = 0; n < 400; ++n) {
        const std::string no = fmt::format("SD{:06}", 100'000 + n);
        const bool unit = made_up.chance(70);
        Facts facts{no, {unit ? made_up.company() : made_up.person(), made_up.company(), made_up.person()}, {}};
        // Characters that are read in more than one way: as many as are spelled out.
        const char* many[] = {"长乐", "重工", "行知", "曾单", "解", "盛", "仇", "传"};
        if (made_up.chance(40)) facts.names[0] = many[made_up.below(8)] + made_up.person() + many[made_up.below(8)];
        facts.numbers = {{Kind::order, no},
                         {Kind::payment, fmt::format("PAY{:05}", n / 3)},
                         {Kind::document, unit ? made_up.uscc() : made_up.identity_number()},
                         {Kind::mobile, made_up.mobile()},
                         {Kind::key, made_up.hex(16, false)},
                         {Kind::certificate, made_up.hex(20, true)},
                         {Kind::waybill, "EA" + made_up.digits(9) + "CN"}};
        list.push_back(std::move(facts));
    }
    put(list);
    int found = 0;
    for (int i = 0; i < 600; ++i) {
        const Facts& facts = list[static_cast<size_t>(made_up.below(400))];
        // A part of something that is there, or of nothing.
        const bool by_name = made_up.chance(60);
        std::string whole = by_name ? facts.names[static_cast<size_t>(made_up.below(3))]
                                    : facts.numbers[static_cast<size_t>(made_up.below(7))].value;
        if (by_name && made_up.chance(40)) {
            std::string spelled;
            for (const auto& letters : readings(name_key(whole)))
                spelled += letters[static_cast<size_t>(made_up.below(static_cast<int>(letters.size())))];
            whole = spelled;
        }
        if (made_up.chance(5)) whole = made_up.company();
        const auto points = code_points(whole);
        const int size = static_cast<int>(points.size()), from = made_up.chance(50) ? 0 : made_up.below(size),
                  length = 1 + made_up.below(size - from);
        std::string text;
        for (int at = from; at < from + length; ++at) text += utf8(points[static_cast<size_t>(at)]);
        if (made_up.chance(5) && length > 3) text.insert(text.find_last_of(text.substr(0, 1)), " ");
        if (!is_utf8(text)) continue;
        const auto hits = find(*database_, text, kMost);
        ASSERT_OK(hits);
        ASSERT_EQ(*hits, brute_force(text)) << "\"" << text << "\"";
        found += hits->empty() ? 0 : 1;
    }
    EXPECT_GT(found, 300);
}

TEST_P(SearchTest, FillsTheIndexOfAnOlderStoreOnce) {
    ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
        for (int n = 0; n < 1500; ++n) put_order(tx, fmt::format("SD{}", 10000 + n), n == 700 ? "南京垚鑫" : "苏州无名");
        return {};
    }));
    EXPECT_THAT(numbers_of("垚鑫"), IsEmpty());
    Filled so_far;
    const auto first = fill_next(*database_, so_far), second = fill_next(*database_, so_far),
               third = fill_next(*database_, so_far);
    ASSERT_OK(first);
    EXPECT_FALSE(*first) << "other writers get their turn";
    ASSERT_OK(second);
    EXPECT_TRUE(*second);
    ASSERT_OK(third);
    EXPECT_TRUE(*third);
    EXPECT_THAT(numbers_of("垚鑫"), ElementsAre("SD10700"));
    EXPECT_THAT(numbers_of("sd10700"), ElementsAre("SD10700"));
    EXPECT_EQ(*check(*database_), 0);
}

TEST_P(SearchTest, CheckMendsWhatIsWrong) {
    ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
        put_order(tx, "SD1", "南京垚鑫");
        put_order(tx, "SD2", "苏州森淼");
        return {};
    }));
    Filled so_far;
    ASSERT_OK(fill_next(*database_, so_far));
    ASSERT_OK(database_->write([](storage::Tx& tx) -> Result<> {
        tx.sql << "UPDATE orders SET subject_name = '常州鼎器', mobile = '13700137000' WHERE no = 'SD1'";
        add(tx, "SD2", {Kind::key, "FF00"});  // no such KEY
        return {};
    }));
    EXPECT_GT(*check(*database_), 0);
    EXPECT_THAT(numbers_of("垚鑫"), IsEmpty());
    EXPECT_THAT(numbers_of("鼎器"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("137001"), ElementsAre("SD1"));
    EXPECT_THAT(numbers_of("ff00"), IsEmpty());
    EXPECT_EQ(*check(*database_), 0);
}

SEALDESK_ON_BOTH_ENGINES(SearchTest);

}  // namespace
}  // namespace sealdesk::search
