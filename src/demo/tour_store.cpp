#include "demo/tour.h"
#include "storage/rows.h"

namespace sealdesk::demo {

// The tour looks over the shoulder: read only.
Result<std::int64_t> Tour::number(const std::string& question) {
    return database_.read([&](storage::Tx& tx) -> Result<std::int64_t> { return storage::one<std::int64_t>(tx, question, 0); });
}

Result<std::string> Tour::text(const std::string& question) {
    return database_.read([&](storage::Tx& tx) -> Result<std::string> { return storage::one<std::string>(tx, question, ""); });
}

}  // namespace sealdesk::demo
