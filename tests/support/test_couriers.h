// The courier services as a small HTTPS server for tests: Kuaidi100 and SF open platform. It checks every signature with
// arithmetic of its own, gives a repeated order its first number, and can refuse, lose its answer, or take too long.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sealdesk::tests {

class TestCouriers {
public:
    explicit TestCouriers(const std::filesystem::path& folder);
    ~TestCouriers();

    enum class Mood {
        answers,
        refuses,         // in the service's own words
        loses_answers,   // does what it is asked and then breaks off
        takes_too_long,  // does what it is asked and answers after the client has gone
        is_down,         // HTTP 503
        is_blocked       // HTTP 403 with a page: a proxy before it, after the work is done
    };
    void mood(Mood mood);
    void sf_digest(const std::string& kind);      // "standard", "simple", "sm3"
    void sf_text_results(bool texts);             // apiResultData as a JSON text
    void sf_forgets_first_answers(bool yes);      // a repeated order is "8016" instead
    void sf_turns_away(const std::string& code);  // every answer is this outer code; "": as usual
    void sf_cannot_deliver(bool yes);             // takes the order, gives no number: filterResult 3
    void delivered(const std::string& waybill);
    void kuaidi100_says(const std::string& answer);              // JSON to every order, which is not taken; "": as usual
    void kuaidi100_tracks_as(const std::string& other_waybill);  // whatever is asked for; "": as usual

    std::string base() const { return "https://127.0.0.1:" + std::to_string(port_); }
    std::filesystem::path ca() const { return ca_; }

    struct Order {
        std::string reference, waybill, recipient, address;
        std::string callback, salt;  // where its tracking is to be pushed
        std::string partner;         // the account's other fields, "secret name net code checkMan"
        bool cancelled = false;
        int asked = 0;
    };
    std::vector<Order> orders() const;
    int bad_signatures() const;
    int requests() const;

    static constexpr const char* kKey = "KEY123";
    static constexpr const char* kSecret = "SECRET456";
    static constexpr const char* kCustomer = "CUST";
    static constexpr const char* kPartner = "SDPARTNER";
    static constexpr const char* kCheckWord = "fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci";

private:
    struct Server;
    std::filesystem::path ca_;
    int port_ = 0;
    std::unique_ptr<Server> server_;
    std::jthread thread_;
};

}  // namespace sealdesk::tests
