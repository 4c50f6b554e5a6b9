// Checks of the uploaded pages: complete by the checklist, legible, upright, stamped, not sent twice, not seen in somebody
// else's order. Pure: facts in, findings out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/checklist.h"
#include "checks/finding.h"
#include "checks/page_facts.h"

namespace sealdesk::checks {

// A page with the same pixels in another subject's order.
struct SeenBefore {
    std::string order_no, subject_name;
};

struct Paper {
    int number = 1;                   // page of the package, from 1
    std::string title;                // "营业执照.jpg"
    std::string file_sha256;          // of the file it came from,
    int page_in_file = 0;             // and its page there
    std::optional<PageFacts> facts;   // nothing: it could not be decoded,
    std::string trouble;              // and why
    std::optional<std::string> text;  // what was read on it; nothing: not read
    bool upside_down = false;         // it was read the other way up
    std::vector<SeenBefore> seen_before;
    std::string material;  // code of what it was recognised as, "" for nothing
};

using FileFacts = std::map<std::pair<std::string, int>, PageFacts>;  // by file and page in it

struct Papers {
    bool opened = false;   // false: the package is not here or cannot be opened,
    std::string why_not;   // and why
    bool arrived = false;  // the package is here
    struct Refused {
        std::string name, sentence;
    };
    std::vector<Refused> refused;  // files in it that cannot be read
    std::vector<Paper> pages;
};

// Code of the material that the page is, "" when neither its name nor its text tells.
std::string recognise(const std::vector<Demand>& demands, const Paper& paper);

// Every rule gives at least one finding; those on pages one for each page that is not as it should be.
std::vector<Finding> check_papers(const std::vector<Demand>& demands, const Papers& papers);

}  // namespace sealdesk::checks
