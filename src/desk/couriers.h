// The desk's accounts at couriers: a TOML file of its own, readable by its owner alone, so that settings.toml can be shown and
// copied. Nothing of it is ever logged.
#pragma once

#include "crypto/random.h"
#include "crypto/secret.h"
#include "desk/settings.h"
#include "desk/shipping_settings.h"
#include "shipping/courier.h"

namespace sealdesk::desk {

// [kuaidi100] key, secret, customer, partner_id, partner_key, partner_secret, partner_name, net, code, check_man (what the
// courier asks for), pay_type, product, callback (https://… that tracking is pushed to) with salt; [sf] partner_id, check_word,
// digest
// ("standard", "simple", "sm3"), monthly_card; both: base (https://host), ca_file. No file: no services. Refused when others
// can read the file, or when something in it is not known.
Result<shipping::Couriers> load_couriers(const Settings& settings, const ShippingSettings& own, const Clock& clock,
                                         crypto::Random& random);

// What pushed tracking is signed with; refused when there is none.
Result<crypto::Secret> load_push_salt(const Settings& settings, const ShippingSettings& own);

}  // namespace sealdesk::desk
