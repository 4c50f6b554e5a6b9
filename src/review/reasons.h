// Canned reasons for a rejection: code, text that the applicant reads, read from data/reasons.toml.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace sealdesk::review {

struct Reason {
    std::string code;      // "licence_missing"
    std::string title;     // on the bench: 缺少营业执照
    std::string sentence;  // what the applicant reads
};

Result<std::vector<Reason>> load_reasons(const std::filesystem::path& file);

}  // namespace sealdesk::review
