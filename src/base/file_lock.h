// FileLock: what one process of this machine does and no other at the same time. The system gives it back when the process
// ends, however it ends. Any thread.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace sealdesk {

class FileLock {
public:
    FileLock() = default;
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock() { release(); }

    // Never waits: conflict when somebody has it, another FileLock of this process too. The file stays where it is.
    static Result<FileLock> take(const std::filesystem::path& file);
    bool held() const { return descriptor_ >= 0; }
    void release();

private:
    int descriptor_ = -1;
};

}  // namespace sealdesk
