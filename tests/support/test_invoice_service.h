// The invoice service as a small HTTPS server for tests: Nuonuo's calls for fully digital invoices and red letters. It checks
// every signature with arithmetic of its own, issues later than it answers, gives a reference one invoice, reverses no line by
// more than is left of it, and can refuse, lose its answer, or take too long.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sealdesk::tests {

class TestInvoiceService {
public:
    explicit TestInvoiceService(const std::filesystem::path& folder);
    ~TestInvoiceService();

    enum class Mood {
        answers,
        refuses,         // in the service's own words, and issues nothing
        fails_later,     // takes the request and gives up on it
        loses_answers,   // does what it is asked and then breaks off
        takes_too_long,  // does what it is asked and answers after the client has gone
        hides,           // takes the request, says no to it, and does not know it
        forbids,         // HTTP 401
        is_odd,          // a code that stands in no book
        is_down          // HTTP 503
    };
    void mood(Mood mood);
    void looks_until_issued(int looks);       // so often "20 开票中" first
    void buyer_must_confirm(bool yes);        // red letters wait for the buyer
    void buyer_confirms();                    // all that wait
    void buyer_lets_lapse();                  // all that wait: 72 hours are over
    void files_are_late(int fetches);         // so many 404 first
    void addresses_are_late(int looks);       // issued, so many times without an address of its files
    void makes_only_pdf(bool yes);            // of those asked for from now on
    void gives_number(const std::string& n);  // the next invoice gets that one
    void changes_amount_by(int fen);          // of what it says that it issued

    // What a desk needs to be its customer, into the desk's folder: rates with their codes, and the account as service.toml.
    void write_account(const std::filesystem::path& home) const;
    std::string base() const { return "https://127.0.0.1:" + std::to_string(port_); }
    std::filesystem::path ca() const { return ca_; }

    struct Given {
        std::string reference, number, buyer, amount;
        std::string red_of, reason;
        int lines = 0;
        int asked = 0;
        std::string properties;            // of the lines: 0 by itself, 2 with a discount behind it, 1 that discount
        std::vector<std::string> details;  // of a part's red letter: "1:-188.68"
        int counted = 0;                   // of those, with a quantity
    };
    std::vector<Given> given() const;  // in the order of asking
    int bad_signatures() const;

    static constexpr const char* kKey = "SD54278460";
    static constexpr const char* kSecret = "SD5306BAB0F24B7E";
    static constexpr const char* kToken = "2d484e1f0pdui";

private:
    struct Server;
    std::filesystem::path ca_;
    int port_ = 0;
    std::unique_ptr<Server> server_;
    std::jthread thread_;
};

}  // namespace sealdesk::tests
