#include "storage/statements.h"

#include <algorithm>

namespace sealdesk::storage {

namespace {
constexpr size_t kMost = 200;  // texts; some have words in them that vary
}

std::unique_ptr<soci::statement> Statements::take(const std::string& text) {
    if (const auto found = kept_.find(text); found != kept_.end()) {
        auto statement = std::move(found->second.statement);
        kept_.erase(found);
        return statement;
    }
    auto statement = std::make_unique<soci::statement>(sql_);
    statement->alloc();
    statement->prepare(text);
    return statement;
}

void Statements::put_back(const std::string& text, std::unique_ptr<soci::statement> statement) {
    statement->bind_clean_up();
    if (kept_.size() >= kMost && !kept_.contains(text))
        kept_.erase(std::min_element(kept_.begin(), kept_.end(),
                                     [](const auto& a, const auto& b) { return a.second.turn < b.second.turn; }));
    kept_.insert_or_assign(text, Kept{std::move(statement), ++turn_});
}

}  // namespace sealdesk::storage
