// A list that lies in `crl_file` and that the register does not know, because an older backup was restored. It comes into the
// register with what it revokes: otherwise the next lists would be refused as older ones, and then bring revoked certificates
// back. A list that only the portal has is not taken over: the portal refuses the older number, and says so. Worker threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certificates/certificate.h"
#include "storage/database.h"

namespace sealdesk::certificates {

struct TakenOver {
    std::int64_t number = 0, known = 0;  // of that list, and of the newest that the register had
    std::vector<std::string> serials;    // revoked on it and not in the register until now
};
// Nothing when the register has a list of that number or a higher one. Refused when this issuer's key did not sign it.
Result<std::optional<TakenOver>> take_over(storage::Tx& tx, std::string_view list_der, const Certificate& issuer);

}  // namespace sealdesk::certificates
