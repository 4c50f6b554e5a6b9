#include "review/reasons.h"

#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::review {

namespace {

constexpr size_t kDigits = 9, kLongestBlank = 60;

bool has(const std::vector<std::string>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

// Words in braces; nothing when a brace has no partner or nothing in it.
std::optional<std::vector<std::string>> blanks_in(const std::string& sentence) {
    std::vector<std::string> blanks;
    size_t at = 0;
    for (size_t open = 0; (open = sentence.find_first_of("{}", at)) != std::string::npos;) {
        const size_t close = sentence.find_first_of("{}", open + 1);
        if (sentence[open] != '{' || close == std::string::npos || sentence[close] != '}' || close == open + 1)
            return std::nullopt;
        const std::string name = sentence.substr(open + 1, close - open - 1);
        if (!has(blanks, name)) blanks.push_back(name);
        at = close + 1;
    }
    return blanks;
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
    for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) text.replace(at, what.size(), with);
}

}  // namespace

Result<std::vector<Reason>> load_reasons(const std::filesystem::path& file) try {
    SEALDESK_LET(text, read_file(file, size_t{1} << 20));
    const toml::table table = toml::parse(text);
    std::vector<Reason> list;
    std::set<std::string> codes;
    const auto* reasons = table["reason"].as_array();
    for (size_t i = 0; reasons != nullptr && i < reasons->size(); ++i) {
        const auto* entry = (*reasons)[i].as_table();
        if (entry == nullptr) return refused(trf("{}：第 {} 条原因的写法不对", file.string(), i + 1));
        const auto field = [&](const char* name) { return (*entry)[name].value_or(std::string()); };
        Reason reason{field("code"), field("title"), field("sentence"), {}, {}};
        if (reason.code.empty() || reason.title.empty() || reason.sentence.empty())
            return refused(trf("{}：第 {} 条原因缺少 code、title 或 sentence", file.string(), i + 1));
        if (!codes.insert(reason.code).second) return refused(trf("{}：原因 {} 写了两次", file.string(), reason.code));
        const auto blanks = blanks_in(reason.sentence);
        if (!blanks) return refused(trf("{}：原因 {} 的花括号不成对，或里面没有字", file.string(), reason.code));
        reason.blanks = *blanks;
        if (const auto* items = (*entry)["items"].as_array())
            for (const auto& item : *items) reason.items.push_back(item.value_or(std::string()));
        list.push_back(std::move(reason));
    }
    if (list.empty()) return refused(trf("{} 里没有退回原因", file.string()));
    return list;
} catch (const toml::parse_error& error) {
    return refused(trf("{} 第 {} 行写法不对：{}", file.string(), error.source().begin.line, error.description()));
}

Result<std::string> filled_sentence(const Cited& cited) {
    std::string sentence = cited.reason.sentence;
    for (const auto& blank : cited.reason.blanks) {
        const auto found = cited.blanks.find(blank);
        const std::string words = found == cited.blanks.end() ? std::string() : trimmed(found->second);
        if (words.empty()) return refused(trf("退回原因“{}”里的“{}”还没有填", cited.reason.title, blank));
        if (code_points(words).size() > kLongestBlank || has_control_characters(words) ||
            words.find_first_of("{}") != std::string::npos)
            return refused(trf("退回原因“{}”里的“{}”最多 {} 个字，不能有换行和花括号", cited.reason.title, blank, kLongestBlank));
        replace_all(sentence, "{" + blank + "}", words);
    }
    return sentence;
}

std::vector<Reason> fitting(const std::vector<Reason>& reasons, std::string_view item) {
    std::vector<Reason> list;
    for (const bool own : {true, false})
        for (const auto& reason : reasons)
            if (list.size() < kDigits && (own ? has(reason.items, item) : reason.items.empty())) list.push_back(reason);
    return list;
}

std::vector<Reason> for_order(const std::vector<Reason>& reasons) {
    std::vector<Reason> list;
    for (const auto& reason : reasons)
        if (list.size() < kDigits && reason.blanks.empty()) list.push_back(reason);
    return list;
}

}  // namespace sealdesk::review
