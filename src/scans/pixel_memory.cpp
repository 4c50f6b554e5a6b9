#include "scans/pixel_memory.h"

#include <poll.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/translate.h"

namespace sealdesk::scans {

namespace {

constexpr size_t kMostKept = 2, kLargestKept = size_t{40} << 20;

Failure no_memory() { return fail(ErrorKind::internal, tr("没有共享内存"), std::strerror(errno)); }

// Ended for sure: a child that was told to end might still write for a moment.
bool ended(const Descriptor& child) {
    pollfd wait{child.get(), POLLIN, 0};
    return child && poll(&wait, 1, 50) == 1;
}

}  // namespace

PixelMemory::Block::Block(Block&& other) noexcept
    : memory(std::move(other.memory)),
      mapped(std::exchange(other.mapped, nullptr)),
      used(std::exchange(other.used, 0)),
      last(std::move(other.last)) {}

PixelMemory::Block& PixelMemory::Block::operator=(Block&& other) noexcept {
    std::swap(memory, other.memory);
    std::swap(mapped, other.mapped);
    std::swap(used, other.used);
    std::swap(last, other.last);
    return *this;
}

PixelMemory::Block::~Block() {
    if (mapped != nullptr) munmap(mapped, used);
}

Result<Descriptor> shared_memory(size_t room) {
    Descriptor memory(memfd_create("sealdesk-scan", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!memory || ftruncate(memory.get(), static_cast<off_t>(room)) != 0 ||
        fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return no_memory();
    return memory;
}

Result<PixelMemory::Block> PixelMemory::take(size_t room) {
    Block block;
    {
        const std::scoped_lock lock(mutex_);
        if (!kept_.empty()) {
            block = std::move(kept_.back());
            kept_.pop_back();
        }
    }
    // One applicant's page is not the next one's to see: what was written goes, wherever it was written.
    const auto rest = static_cast<off_t>(block.used);
    if (block.mapped != nullptr && ended(block.last) && lseek(block.memory.get(), 0, SEEK_END) == static_cast<off_t>(room) &&
        fallocate(block.memory.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, rest, static_cast<off_t>(room) - rest) == 0) {
        std::memset(block.mapped, 0, block.used);
        return block;
    }
    Block fresh;
    SEALDESK_LET(memory, shared_memory(room));
    fresh.memory = std::move(memory);
    return fresh;
}

Result<std::shared_ptr<const std::uint8_t>> PixelMemory::written(Block block, size_t bytes, Descriptor child) {
    if (block.mapped == nullptr || block.used < bytes) {
        if (block.mapped != nullptr) munmap(block.mapped, block.used);
        void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, block.memory.get(), 0);
        block.mapped = at == MAP_FAILED ? nullptr : static_cast<std::uint8_t*>(at);
        block.used = bytes;
        if (at == MAP_FAILED) return no_memory();
    }
    block.last = std::move(child);
    const std::uint8_t* pixels = block.mapped;
    auto held = std::make_shared<Block>(std::move(block));
    return std::shared_ptr<const std::uint8_t>(pixels, [held, home = weak_from_this()](const std::uint8_t*) {
        if (const auto pool = home.lock()) pool->keep(std::move(*held));
    });
}

void PixelMemory::keep(Block block) {
    if (block.used > kLargestKept) return;
    const std::scoped_lock lock(mutex_);
    if (kept_.size() < kMostKept) kept_.push_back(std::move(block));
}

}  // namespace sealdesk::scans
