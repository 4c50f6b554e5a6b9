// A whole centre on this machine, in a folder of its own: portal with demo orders behind TLS, certificate authority,
// software KEYs, staff. Set up once; a second run starts what is there. Owns the portal's process.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/process.h"
#include "desk/desk.h"

namespace sealdesk::demo {

struct Person {
    const char *login, *name;
    staff::Roles roles;
};
// Invented people; all have the password kPassword.
const std::vector<Person>& people();
inline constexpr const char* kPassword = "sealdesk-demo";
inline constexpr const char* kPin = "12345678";  // of every software KEY

// What the demo's orders ask for: read from data/demo/orders.json.
struct Plan {
    struct Entry {
        std::string no, verdict;  // approve, reject, refund
        std::vector<std::string> traits;
        bool resubmitted = false, refunded = false;
    };
    std::vector<Entry> orders;
    int keys = 0;  // KEYs that all orders need
};
Result<Plan> read_plan(const desk::Places& places);

class Centre {
public:
    using Progress = std::function<void(const std::string& step)>;
    // Sets up what is missing in `home` and starts the portal.
    static Result<std::unique_ptr<Centre>> open(const std::filesystem::path& home, const desk::Places& places, const Clock& clock,
                                                crypto::Random& random, const Progress& progress);

    const desk::Settings& settings() const { return settings_; }
    const Plan& plan() const { return plan_; }
    std::filesystem::path portal_database() const { return home_ / "portal/portal.sqlite"; }
    // What applicants do later: through the portal's own commands.
    Result<> resubmit(const std::string& order_no);
    Result<> refund(const std::string& order_no);
    // The portal goes away and comes back, for those who want to see it.
    void stop_portal() { portal_ = {}; }
    Result<> start_portal();

private:
    Centre(const std::filesystem::path& home, const desk::Places& places, const Clock& clock, crypto::Random& random);
    Result<> make_keys_and_authority();
    Result<> make_scans_and_seed();
    Result<> make_staff();
    std::vector<std::string> portal_command() const;

    std::filesystem::path home_;
    desk::Places places_;
    const Clock& clock_;
    crypto::Random& random_;
    desk::Settings settings_;
    Plan plan_;
    Process portal_;
    int port_ = 0;
};

}  // namespace sealdesk::demo
