// A courier's service as the shipping room sees it: give a number for a parcel, take it back, say where the parcel is.
// Calls block; worker threads only. Every order() carries a reference of ours: repeated, it gives the same number.
#pragma once

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace sealdesk::shipping {

// Where waybill numbers come from.
enum class Source { range, typed, kuaidi100, sf };
const char* name_of(Source source);
const char* word_of(Source source);  // 号段, 手工填写, 快递100, 顺丰
Source parse_source(const std::string& name);

struct Contact {
    std::string name, unit, phone, address;  // address in full
};

struct LabelOrder {
    std::string reference;  // at most 64 letters, digits and hyphens
    std::string courier;    // Kuaidi100's code of the courier
    Contact sender, recipient;
    int keys = 1;
    std::string remark;
};

struct Taken {
    std::string waybill, courier;
    std::string courier_order;  // the service's own number of the order; needed to cancel
    std::string routing;        // JSON: what the courier wants printed on the label
};

struct Cancellation {
    std::string reference, courier, waybill, courier_order, reason;
};

struct TrackStep {
    Instant at;
    std::string text, code;
};
struct Track {
    bool delivered = false;
    std::vector<TrackStep> steps;  // oldest first
};

// Failures: refused is the courier's no, with its words, for a person to put right; denied is our account or signature: neither
// leaves an order there. conflict: it has the order and will not carry it as it is. unavailable means that nobody knows, and the
// same question may be asked again.
class Courier {
public:
    virtual ~Courier() = default;
    virtual Result<Taken> order(const LabelOrder& order, std::stop_token stop) = 0;
    virtual Result<> cancel(const Cancellation& what, std::stop_token stop) = 0;
    // `phone`: of sender or recipient, where the courier asks for it.
    virtual Result<Track> track(const std::string& courier, const std::string& waybill, const std::string& phone,
                                std::stop_token stop) = 0;
};

struct Couriers {
    std::map<Source, std::unique_ptr<Courier>> services;
    Contact sender;
    Courier* find(Source source) const {
        const auto found = services.find(source);
        return found == services.end() ? nullptr : found->second.get();
    }
};

// application/x-www-form-urlencoded as Java's URLEncoder has it: letters, digits and . - * _ stay, a space becomes +.
std::string url_encoded(const std::string& text);
// The other way; what is no %XX stays as it is.
std::string url_decoded(std::string_view text);
std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace sealdesk::shipping
