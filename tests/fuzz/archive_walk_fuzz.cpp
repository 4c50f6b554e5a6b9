// libFuzzer: any bytes as an uploaded package. The walk must stay within its bounds and give every file once.
#include <cstdint>
#include <cstdlib>

#include "scanbox/package.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
    using namespace sealdesk::scanbox;
    Bounds bounds;
    bounds.unpacked_bytes = std::uint64_t{4} << 20;
    bounds.ratio_from = std::uint64_t{1} << 20;
    bounds.entries = 40;
    const std::string_view package(reinterpret_cast<const char*>(data), size);
    int last = -1;
    std::uint64_t total = 0;
    const auto refusals = walk(package, bounds, {}, [&](const Entry& entry, const Content& content) {
        if (entry.index <= last || entry.index >= bounds.entries || entry.size != content.bytes.size()) std::abort();
        last = entry.index;
        total += entry.alone ? 0 : entry.size;
        // Every byte is there to be read.
        std::uint8_t all = 0;
        for (const char byte : content.bytes) all ^= static_cast<std::uint8_t>(byte);
        return all != 0x5A || entry.index % 7 != 6;
    });
    if (total > bounds.unpacked_bytes) std::abort();
    if (last < 0 && refusals.empty()) std::abort();  // nothing seen and nothing said
    for (const auto& refusal : refusals)
        if (refusal.code.empty()) std::abort();
    // The same file alone is the same file.
    if (last >= 0) {
        Reading only;
        only.only = last;
        only.password = "1234";
        walk(package, bounds, only, [&](const Entry& entry, const Content&) {
            if (entry.index != last) std::abort();
            return false;
        });
    }
    return 0;
}
