#include "staff/staff.h"

#include <array>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::staff {

namespace {

struct Word {
    Role role;
    const char* name;
    const char* words;
};
constexpr std::array<Word, 5> kRoles{{{Role::reviewer, "reviewer", "审核员"},
                                      {Role::officer, "officer", "制证员"},
                                      {Role::clerk, "clerk", "发货员"},
                                      {Role::supervisor, "supervisor", "主管"},
                                      {Role::administrator, "administrator", "管理员"}}};

const Word& entry(Role role) {
    for (const auto& word : kRoles)
        if (word.role == role) return word;
    return kRoles[0];
}

template <class Text>
std::string joined(Roles roles, const char* between, Text text) {
    std::string all;
    for (const auto& word : kRoles)
        if (has(roles, word.role)) all += (all.empty() ? "" : between) + std::string(text(word));
    return all;
}

}  // namespace

const char* name_of(Role role) { return entry(role).name; }
const char* word_of(Role role) { return tr(entry(role).words); }
std::string text_of(Roles roles) {
    return joined(roles, ",", [](const Word& word) { return word.name; });
}
std::string words_of(Roles roles) {
    return joined(roles, tr("、"), [](const Word& word) { return tr(word.words); });
}

Result<Roles> parse_roles(std::string_view text) {
    Roles roles = 0;
    for (const auto& part : split(text, ',')) {
        Roles found = 0;
        for (const auto& word : kRoles)
            if (part == word.name) found = static_cast<Roles>(word.role);
        if (found == 0) return refused(trf("没有“{}”这个角色", part));
        roles |= found;
    }
    return roles;
}

Result<> require(const Actor& actor, Role role) {
    if (has(actor.roles, role)) return {};
    return fail(ErrorKind::denied, trf("{}没有{}的权限，不能做这一步", actor.name, word_of(role)));
}

}  // namespace sealdesk::staff
