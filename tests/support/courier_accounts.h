// Accounts at both of the couriers of test_couriers.h.
#pragma once

#include <chrono>

#include "shipping/kuaidi100.h"
#include "shipping/sf_express.h"
#include "tests/support/test_couriers.h"

namespace sealdesk::tests {

inline shipping::Couriers accounts_at(const TestCouriers& server, const Clock& clock, crypto::Random& random) {
    network::HttpClient::Options options;
    options.base = server.base();
    options.ca_file = server.ca();
    options.timeout = std::chrono::seconds(5);
    shipping::SfExpress::Account sf;
    sf.partner_id = TestCouriers::kPartner;
    sf.check_word = crypto::Secret(std::string(TestCouriers::kCheckWord));
    shipping::Kuaidi100::Account kuaidi;
    kuaidi.key = TestCouriers::kKey;
    kuaidi.customer = TestCouriers::kCustomer;
    kuaidi.secret = crypto::Secret(std::string(TestCouriers::kSecret));
    shipping::Couriers couriers;
    couriers.sender = {"示例中心", "", "025-83300000", "江苏省南京市建邺区江东中路1号"};
    couriers.services[shipping::Source::sf] = std::make_unique<shipping::SfExpress>(std::move(sf), options, clock, random);
    couriers.services[shipping::Source::kuaidi100] =
        std::make_unique<shipping::Kuaidi100>(std::move(kuaidi), options, options, clock);
    return couriers;
}

}  // namespace sealdesk::tests
