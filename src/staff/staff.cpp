#include "staff/staff.h"

#include <array>

#include "base/text.h"
#include "base/translate.h"
#include "base/words.h"

namespace sealdesk::staff {

namespace {

constexpr std::array<Word<Role>, 5> kRoles{{{Role::reviewer, "reviewer", "审核员"},
                                            {Role::officer, "officer", "制证员"},
                                            {Role::clerk, "clerk", "发货员"},
                                            {Role::supervisor, "supervisor", "主管"},
                                            {Role::administrator, "administrator", "管理员"}}};

template <class Text>
std::string joined(Roles roles, const char* between, Text text) {
    std::string all;
    for (const auto& word : kRoles)
        if (has(roles, word.value)) all += (all.empty() ? "" : between) + std::string(text(word));
    return all;
}

}  // namespace

const char* name_of(Role role) { return entry_of(kRoles, role).name; }
const char* word_of(Role role) { return tr(entry_of(kRoles, role).words); }
std::string text_of(Roles roles) {
    return joined(roles, ",", [](const Word<Role>& word) { return word.name; });
}
std::string words_of(Roles roles) {
    return joined(roles, tr("、"), [](const Word<Role>& word) { return tr(word.words); });
}

Result<Roles> parse_roles(std::string_view text) {
    Roles roles = 0;
    for (const auto& part : split(text, ',')) {
        const auto role = value_of(kRoles, part);
        if (!role) return refused(trf("没有“{}”这个角色", part));
        roles |= static_cast<Roles>(*role);
    }
    return roles;
}

Result<> require(const Actor& actor, Role role) {
    if (has(actor.roles, role)) return {};
    return fail(ErrorKind::denied, trf("{}没有{}的权限，不能做这一步", actor.name, word_of(role)));
}

}  // namespace sealdesk::staff
