#include "checks/checklist.h"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "base/files.h"
#include "base/translate.h"

namespace sealdesk::checks {

using orders::OrderKind;

namespace {

std::vector<std::string> words_of(const toml::table& table, const char* name) {
    std::vector<std::string> words;
    if (const auto* array = table[name].as_array())
        for (const auto& each : *array) words.push_back(each.value_or(std::string()));
    return words;
}

Result<toml::table> parsed(const std::filesystem::path& file) try {
    SEALDESK_LET(text, read_file(file, size_t{1} << 16));
    return toml::parse(text);
} catch (const toml::parse_error& error) {
    std::ostringstream where;
    where << error;
    return fail(ErrorKind::refused, trf("材料清单 {} 写得不对", file.string()), where.str());
}

Result<std::vector<Material>> read_materials(const std::filesystem::path& file) {
    SEALDESK_LET(table, parsed(file));
    std::vector<Material> list;
    if (const auto* array = table["material"].as_array())
        for (const auto& each : *array) {
            const auto* entry = each.as_table();
            if (entry == nullptr) continue;
            const auto text = [&](const char* name) { return (*entry)[name].value_or(std::string()); };
            list.push_back({text("code"), text("title"), words_of(*entry, "names"), words_of(*entry, "words"), text("reason")});
            if (list.back().code.empty() || list.back().title.empty())
                return refused(trf("{}：第 {} 种材料缺少 code 或 title", file.string(), list.size()));
        }
    if (list.empty()) return refused(trf("{} 里没有材料", file.string()));
    return list;
}

bool has(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

Result<std::vector<Demand>> read_demands(const std::filesystem::path& file, const toml::table& entry,
                                         const std::vector<Material>& materials) {
    const auto required = words_of(entry, "required"), optional = words_of(entry, "optional"),
               stamped = words_of(entry, "stamped");
    std::vector<Demand> demands;
    const auto add = [&](const std::string& code, bool needed) -> Result<> {
        const auto found = std::find_if(materials.begin(), materials.end(), [&](const Material& m) { return m.code == code; });
        if (found == materials.end()) return refused(trf("{}：没有材料 {}", file.string(), code));
        demands.push_back({*found, needed, has(stamped, code)});
        return {};
    };
    for (const auto& code : required) SEALDESK_TRY(add(code, true));
    for (const auto& code : optional) SEALDESK_TRY(add(code, false));
    for (const auto& code : stamped)
        if (!has(required, code) && !has(optional, code)) return refused(trf("{}：要盖章的 {} 不在清单里", file.string(), code));
    if (required.empty()) return refused(trf("{}：清单里没有必需的材料", file.string()));
    return demands;
}

}  // namespace

std::string subject_word(const orders::Subject& subject) {
    if (subject.kind == orders::SubjectKind::unit) return "unit";
    return subject.role == orders::PersonRole::none ? "other" : name_of(subject.role);
}

Result<Checklists> Checklists::load(const std::filesystem::path& folder) {
    SEALDESK_LET(materials, read_materials(folder / "materials.toml"));
    Checklists all;
    for (const auto kind : {OrderKind::create, OrderKind::replacement, OrderKind::renewal, OrderKind::change}) {
        const auto file = folder / (std::string(name_of(kind)) + ".toml");
        SEALDESK_LET(table, parsed(file));
        const size_t before = all.lists_.size();
        const auto* array = table["checklist"].as_array();
        for (size_t i = 0; array != nullptr && i < array->size(); ++i) {
            const auto* entry = (*array)[i].as_table();
            if (entry == nullptr) continue;
            List list;
            list.kind = kind;
            list.subjects = words_of(*entry, "subjects");
            for (const auto& subject : list.subjects)
                if (subject != "unit" && !orders::from_name<orders::PersonRole>(subject))
                    return refused(trf("{}：没有主体 {}", file.string(), subject));
            if (const auto cause = (*entry)["cause"].value<std::string>()) {
                list.cause = orders::from_name<orders::ReplacementCause>(*cause);
                if (!list.cause) return refused(trf("{}：没有补办原因 {}", file.string(), *cause));
            }
            SEALDESK_LET(demands, read_demands(file, *entry, materials));
            list.demands = std::move(demands);
            all.lists_.push_back(std::move(list));
        }
        if (all.lists_.size() == before) return refused(trf("{} 里没有清单", file.string()));
    }
    return all;
}

std::vector<Demand> Checklists::demands(const orders::Order& order) const {
    const std::string subject = subject_word(order.subject);
    const List* general = nullptr;
    for (const auto& list : lists_) {
        if (list.kind != order.kind || !has(list.subjects, subject)) continue;
        if (list.cause == order.cause) return list.demands;
        // Without a cause the list for a loss asks for more: it is the one to hold against.
        if (!list.cause || (order.cause == orders::ReplacementCause::none && general == nullptr)) general = &list;
    }
    return general == nullptr ? std::vector<Demand>{} : general->demands;
}

}  // namespace sealdesk::checks
