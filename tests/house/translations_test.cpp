// The catalogue against the code: gettext's own xgettext finds the sentences, this compares them with
// assets/translations/en.po.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/process.h"
#include "tests/house/source_tree.h"

namespace {

const char* const catalogue = "assets/translations/en.po";

// Files with a table of words, or a function of their own, between the sentence and tr(): every Chinese text of
// theirs is a sentence …
const std::set<std::string> with_tables = {
    "src/base/files.cpp",       "src/invoices/taxes.cpp",          "src/invoices/words.cpp",
    "src/orders/order.cpp",     "src/scans/package.cpp",           "src/shipping/waybill.cpp",
    "src/staff/staff.cpp",      "src/printing/printer.cpp",        "src/printing/print_jobs_store.cpp",
    "src/shipping/courier.cpp", "src/shipping/waybills_store.cpp", "src/shipping/parcels_store.cpp"};
// … except these, which are printed as they are in every language.
const std::set<std::string> as_they_are = {"圆", "{}年{:02}月{:02}日"};
// Where tr() itself is.
const std::set<std::string> the_door = {"src/base/translate.h", "src/base/translate.cpp"};

using Entries = std::map<std::string, std::string>;  // Chinese -> English

// Entries of a .po or .pot file without the header; what it says besides (fuzzy, twice, given up) goes to `faults`.
Entries entries_in(const std::string& text, std::vector<std::string>& faults) {
    Entries entries;
    std::string key, value, *part = nullptr;
    bool fuzzy = false;
    const auto close = [&] {
        if (part && !key.empty()) {
            if (!entries.emplace(key, value).second) faults.push_back(key + " is there twice");
            if (fuzzy) faults.push_back(key + " is marked as fuzzy");
        }
        if (part) fuzzy = false;
        part = nullptr;
        key.clear();
        value.clear();
    };
    static const std::regex quoted("^(msgid |msgstr |)\"(.*)\"$");
    for (const std::string& line : house::lines_of(text)) {
        std::smatch match;
        if (line.starts_with("#~")) faults.push_back("given up: " + line);
        if (line.starts_with("#") || line.empty()) close();
        if (line.starts_with("#,") && line.find("fuzzy") != std::string::npos) fuzzy = true;
        if (line.starts_with("#") || !std::regex_match(line, match, quoted)) continue;
        if (match[1] == "msgid ") close();
        if (match[1] == "msgid ") part = &key;
        if (match[1] == "msgstr ") part = &value;
        if (part) *part += match[2];
    }
    close();
    return entries;
}

// "{}", "{:02}" … in their order.
std::vector<std::string> placeholders_of(const std::string& sentence) {
    static const std::regex placeholder(R"(\{[^{}]*\})");
    std::vector<std::string> found;
    for (std::sregex_iterator it(sentence.begin(), sentence.end(), placeholder), end; it != end; ++it) found.push_back(it->str());
    return found;
}

bool is_chinese(const std::string& text) {  // has a character of U+4000 to U+9FFF, in UTF-8
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0xE4 && byte <= 0xE9;
    });
}

std::vector<std::string> faults_of(const std::set<std::string>& sentences, const Entries& english) {
    std::vector<std::string> faults;
    for (const std::string& sentence : sentences) {
        const auto entry = english.find(sentence);
        if (entry == english.end() || entry->second.empty()) {
            faults.push_back(sentence + " has no English");
        } else if (placeholders_of(entry->second) != placeholders_of(sentence)) {
            faults.push_back(sentence + " has other placeholders in English: " + entry->second);
        } else if (is_chinese(entry->second)) {
            faults.push_back(sentence + " is Chinese in English: " + entry->second);
        }
    }
    for (const auto& [chinese, words] : english)
        if (!sentences.contains(chinese)) faults.push_back(chinese + " is said nowhere any more");
    return faults;
}

std::string output_of(const std::vector<std::string>& command) {
    const auto finished = sealdesk::run(command, {{"LC_ALL", "C.UTF-8"}});
    EXPECT_TRUE(finished) << command.front();
    if (!finished) return {};
    EXPECT_EQ(finished->status, 0) << finished->output;
    return finished->output;
}

// What xgettext finds in the files, with what it is told to look for.
std::set<std::string> extracted(std::vector<std::string> options, const std::set<std::string>& files) {
    std::vector<std::string> command = {"xgettext", "--from-code=UTF-8", "--language=C++", "--no-wrap", "-o", "-"};
    command.insert(command.end(), options.begin(), options.end());
    for (const std::string& path : files) command.push_back((house::root / path).string());
    std::vector<std::string> unused;
    std::set<std::string> sentences;
    for (const auto& [sentence, empty] : entries_in(output_of(command), unused)) sentences.insert(sentence);
    return sentences;
}

std::set<std::string> code_with_sentences() {
    std::set<std::string> files;
    for (const std::string& path : house::code_files())
        if (!path.starts_with("tests/")) files.insert(path);
    return files;
}

// Lines that give tr() or trf() something else than a text, without comments.
std::vector<std::string> indirect_lines(const std::string& text) {
    static const std::regex call(R"((^|[^A-Za-z0-9_])trf?\((?!\s*"|$))"), comment("//.*$");
    std::vector<std::string> found;
    for (const std::string& line : house::lines_of(text))
        if (std::regex_search(std::regex_replace(line, comment, ""), call)) found.push_back(line);
    return found;
}

}  // namespace

TEST(House, EverySentenceHasItsEnglish) {
    std::set<std::string> sentences = extracted({"--keyword=", "--keyword=tr", "--keyword=trf"}, code_with_sentences());
    ASSERT_GT(sentences.size(), 500u);
    const std::set<std::string> in_tables = extracted({"--extract-all"}, with_tables);
    ASSERT_TRUE(in_tables.contains("待审核"));
    for (const std::string& text : in_tables)
        if (is_chinese(text) && !as_they_are.contains(text)) sentences.insert(text);
    std::vector<std::string> faults;
    const Entries english = entries_in(house::text_of(catalogue), faults);
    for (const std::string& fault : faults_of(sentences, english)) faults.push_back(fault);
    for (const std::string& fault : faults) ADD_FAILURE() << catalogue << ": " << fault;
}

TEST(House, TablesOfSentencesAreKnown) {
    std::set<std::string> found;
    for (const std::string& path : code_with_sentences()) {
        if (the_door.contains(path)) continue;
        for (const std::string& line : indirect_lines(house::text_of(path))) {
            EXPECT_TRUE(with_tables.contains(path))
                << path << ": add it to with_tables of this test, or write tr(\"…\"): " << line;
            found.insert(path);
        }
    }
    EXPECT_EQ(found, with_tables) << "a file of the list has no table any more";
}

TEST(House, GettextAcceptsTheCatalogue) {
    output_of({"msgfmt", "--check", "-o", "/dev/null", (house::root / catalogue).string()});
}

TEST(House, TheRulesOnSentencesBite) {
    std::vector<std::string> faults;
    const Entries english = entries_in(R"(
msgid ""
msgstr ""
"Language: en\n"

# panels/a.cpp
msgid "{} 单"
msgstr "{} orders"

msgid "打"
"包"
msgstr "Pa"
"ck"

#, fuzzy
msgid "退回"
msgstr ""

#~ msgid "旧"
#~ msgstr "Old"
)",
                                       faults);
    EXPECT_THAT(english, testing::UnorderedElementsAre(testing::Pair("打包", "Pack"), testing::Pair("退回", ""),
                                                       testing::Pair("{} 单", "{} orders")));
    EXPECT_THAT(faults,
                testing::ElementsAre("退回 is marked as fuzzy", "given up: #~ msgid \"旧\"", "given up: #~ msgstr \"Old\""));
    EXPECT_THAT(faults_of({"打包", "{} 单"}, {{"打包", "Pack"}, {"{} 单", "{} orders"}}), testing::IsEmpty());
    EXPECT_THAT(faults_of({"打包"}, {}), testing::ElementsAre("打包 has no English"));
    EXPECT_THAT(faults_of({"打包"}, {{"打包", ""}}), testing::SizeIs(1));
    EXPECT_THAT(faults_of({"打包"}, {{"打包", "打包"}}), testing::SizeIs(1));
    EXPECT_THAT(faults_of({"{} 单"}, {{"{} 单", "orders"}}), testing::SizeIs(1));
    EXPECT_THAT(faults_of({"{} 分 {:02}"}, {{"{} 分 {:02}", "{:02} and {}"}}), testing::SizeIs(1));
    EXPECT_THAT(faults_of({}, {{"打包", "Pack"}}), testing::ElementsAre("打包 is said nowhere any more"));
    EXPECT_THAT(indirect_lines("tr(\"打包\");\nkit::text(tr(word));\n// tr(word)\nstr(word);\ntrf(\n"),
                testing::ElementsAre("kit::text(tr(word));"));
}
