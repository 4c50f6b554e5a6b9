// Facts and texts of pages in the database: a file is looked at once, and a page is found again in other orders.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checks/papers.h"
#include "storage/database.h"

namespace sealdesk::checks {

FileFacts known_facts(storage::Tx& tx, const std::vector<std::string>& files);
// Of the order's submission; replaces what is there of it.
void keep_pages(storage::Tx& tx, const std::string& order_no, int revision, const std::vector<Paper>& pages);
// The other subjects' orders with the same picture; not those that belong together
// (same payment, same mobile, the unit and its people), which may share a licence.
std::vector<SeenBefore> seen_before(storage::Tx& tx, const orders::Order& order, const std::string& picture_sha256);

// Which reader made the texts that are kept, and the form of its answer: another one reads anew.
inline constexpr const char* kReader = "tesseract chi_sim 2";
// What was read on a picture; empty when it was not read by this engine.
std::optional<std::string> known_text(storage::Tx& tx, const std::string& picture_sha256, const std::string& engine);
void keep_text(storage::Tx& tx, const std::string& picture_sha256, const std::string& engine, const std::string& text);

}  // namespace sealdesk::checks
