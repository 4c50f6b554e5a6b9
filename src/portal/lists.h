// The centre's revocation list as the portal hands it out to everybody (GET /crl/issuer.crl): the newest one that a desk sent.
// Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"

namespace sealdesk::portal {

struct List {
    std::int64_t number = 0;
    std::string der;
    Instant next_update, received_at;
};

enum class Taken { now, before };
// Refused when the bytes are no list; conflict when its number is not above the one that is there, the same bytes excepted.
// Numbers count for each issuer's key: after a change of the CA its list takes the place of the old one.
Result<Taken> take_list(storage::Database& database, std::string_view der, const std::string& desk);
Result<std::optional<List>> newest_list(storage::Database& database);

}  // namespace sealdesk::portal
