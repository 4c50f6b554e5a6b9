// Shared memory that decoders write into. A page of A4 at 300 dpi is 35 MB, and the kernel takes as long to hand out
// that much as a decoder to fill it: two pages' worth is kept, emptied, for the next question. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "scans/descriptor.h"

namespace sealdesk::scans {

class PixelMemory : public std::enable_shared_from_this<PixelMemory> {
public:
    struct Block {
        Descriptor memory;
        std::uint8_t* mapped = nullptr;
        size_t used = 0;  // bytes mapped and written
        Descriptor last;  // pidfd of the child that wrote into it
        Block() = default;
        Block(Block&&) noexcept;
        Block& operator=(Block&&) noexcept;
        ~Block();
    };

    // All zeroes, `room` bytes, which must be the same every time; nobody else writes into it.
    Result<Block> take(size_t room);
    // What the child wrote, for reading; comes back here when the last copy is gone.
    Result<std::shared_ptr<const std::uint8_t>> written(Block block, size_t bytes, Descriptor child);

private:
    void keep(Block block);

    std::mutex mutex_;  // guards kept_
    std::vector<Block> kept_;
};

// Sealed: a decoder that shrinks it while we read would end the desk with SIGBUS.
Result<Descriptor> shared_memory(size_t room);

}  // namespace sealdesk::scans
