// Which papers an order needs, by its kind and subject, read from data/checklists/*.toml. Values and pure functions.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "orders/order.h"

namespace sealdesk::checks {

struct Material {
    std::string code;                // "licence"
    std::string title;               // 营业执照
    std::vector<std::string> names;  // words in a file's name that tell it
    std::vector<std::string> words;  // words on the page that tell it
    std::string reason;              // code of data/reasons.toml for its absence; ""
};

// One paper of an order's list.
struct Demand {
    Material material;
    bool required = true;
    bool stamped = false;  // needs the seal
};

// "unit", or a person's role; a person without one counts as "other".
std::string subject_word(const orders::Subject& subject);

class Checklists {
public:
    // Refuses a file with an unknown material, subject or cause, and a folder in which a kind has no file.
    static Result<Checklists> load(const std::filesystem::path& folder);
    // Empty when nothing is known for that kind and subject.
    std::vector<Demand> demands(const orders::Order& order) const;

private:
    struct List {
        orders::OrderKind kind = orders::OrderKind::create;
        std::optional<orders::ReplacementCause> cause;
        std::vector<std::string> subjects;
        std::vector<Demand> demands;
    };
    std::vector<List> lists_;
};

}  // namespace sealdesk::checks
