// The external CA as the settings name it: CMP (RFC 4210) over HTTPS. Files are read here; the CA is asked only when a KEY is
// written or a revocation told. Any thread but the UI's.
#pragma once

#include "certificates/cmp.h"
#include "desk/settings.h"

namespace sealdesk::desk {

bool has_external_ca(const Settings& settings);
// Refused or unavailable with what is missing.
Result<certificates::CmpClient> open_external_ca(const Settings& settings);

}  // namespace sealdesk::desk
