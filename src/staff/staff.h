// Staff: who may sign in and what each may do. A verb checks the right itself; a button only shows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/secret.h"
#include "storage/database.h"

namespace sealdesk::staff {

enum class Role : unsigned { reviewer = 1, officer = 2, clerk = 4, supervisor = 8, administrator = 16 };
using Roles = unsigned;  // bits of Role

constexpr Roles operator|(Role a, Role b) { return static_cast<Roles>(a) | static_cast<Roles>(b); }
constexpr bool has(Roles roles, Role role) { return (roles & static_cast<Roles>(role)) != 0; }

const char* name_of(Role role);    // "reviewer": database, command line
const char* word_of(Role role);    // 审核员
std::string text_of(Roles roles);  // "reviewer,clerk"
Result<Roles> parse_roles(std::string_view text);
std::string words_of(Roles roles);  // 审核员、发货员

// A signed-in person, as every verb receives it.
struct Actor {
    std::string login, name;
    Roles roles = 0;
};

// denied, with the role that would be needed.
Result<> require(const Actor& actor, Role role);

struct Member {
    std::string login, name;
    Roles roles = 0;
    bool active = true;
    Instant locked_until;
};

// The first member of an empty centre needs no actor; after that only an administrator adds.
Result<> add(storage::Database& database, const Actor* actor, const Member& member, const crypto::Secret& password);

constexpr int kFailuresBeforeLock = 5;
constexpr std::int64_t kLockMs = 15 * kMinute;

// Takes about 0.1 s (scrypt). The same sentence for an unknown login and a wrong password; after
// five failures the login is locked for 15 minutes.
Result<Actor> sign_in(storage::Database& database, std::string_view login, const crypto::Secret& password);
Result<> signed_out(storage::Database& database, const Actor& actor);
Result<std::vector<Member>> all(storage::Database& database);
// How the person is called, for screen and paper; the login itself when nobody has it. For the rows of a list as part of its
// SQL: the name to the login in `column`, which is named with its table ("d.staff").
std::string person_of(storage::Tx& tx, const std::string& login);
std::string person_in(const std::string& column);

}  // namespace sealdesk::staff
