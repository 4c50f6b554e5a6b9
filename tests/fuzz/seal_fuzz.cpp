// libFuzzer: any bytes as a seal. What is read is written again to the byte, and judged without harm; what is not read gets a
// sentence.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "seals/verdict.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
    using namespace sealdesk::seals;
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    const auto seal = read_seal(file);
    if (!seal) {
        if (seal.error().message.empty()) std::abort();
        return 0;
    }
    const auto again = encode(*seal);
    if (!again || *again != file) std::abort();
    if (!signed_part(*seal)) std::abort();
    const auto verdict = judge(file, {}, seal->created, seal->certificates.empty() ? "" : seal->certificates.front());
    if (!verdict || verdict->valid() || verdict->checks.size() != 5) std::abort();  // nobody is trusted here
    for (const auto& check : verdict->checks)
        if (check.sentence.empty()) std::abort();
    return 0;
}
