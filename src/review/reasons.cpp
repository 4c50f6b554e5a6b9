#include "review/reasons.h"

#include <toml++/toml.h>

#include <set>

#include "base/files.h"
#include "base/translate.h"

namespace sealdesk::review {

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
        list.push_back({field("code"), field("title"), field("sentence")});
        if (list.back().code.empty() || list.back().title.empty() || list.back().sentence.empty())
            return refused(trf("{}：第 {} 条原因缺少 code、title 或 sentence", file.string(), i + 1));
        if (!codes.insert(list.back().code).second) return refused(trf("{}：原因 {} 写了两次", file.string(), list.back().code));
    }
    if (list.empty()) return refused(trf("{} 里没有退回原因", file.string()));
    return list;
} catch (const toml::parse_error& error) {
    return refused(trf("{} 第 {} 行写法不对：{}", file.string(), error.source().begin.line, error.description()));
}

}  // namespace sealdesk::review
