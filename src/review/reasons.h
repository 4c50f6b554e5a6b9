// Canned reasons for a rejection: code, text that the applicant reads, read from data/reasons.toml. A sentence may have
// blanks that the reviewer fills in: 第 {页码} 页.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sealdesk::review {

struct Reason {
    std::string code;                      // "licence_missing"
    std::string title;                     // on the bench: 缺少营业执照
    std::string sentence;                  // what the applicant reads
    std::vector<std::string> blanks = {};  // 页码, 内容: in the order in which they stand in the sentence, each once
    std::vector<std::string> items = {};   // of the checklist, that it fits; none: every one; "order": the order as a whole
    bool operator==(const Reason&) const = default;
};

Result<std::vector<Reason>> load_reasons(const std::filesystem::path& file);

// A reason with what was written into its blanks so far.
struct Cited {
    Reason reason;
    std::map<std::string, std::string> blanks;
    bool operator==(const Cited&) const = default;
};
// Refused while a blank is empty, longer than 60 characters or not plain text.
Result<std::string> filled_sentence(const Cited& cited);

// Those that have a digit at an item of the checklist, in their order: its own ones first, then those that fit every one;
// at most nine.
std::vector<Reason> fitting(const std::vector<Reason>& reasons, std::string_view item);
// Those for the order as a whole: without blanks; at most nine.
std::vector<Reason> for_order(const std::vector<Reason>& reasons);

}  // namespace sealdesk::review
