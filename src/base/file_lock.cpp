#include "base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/files.h"
#include "base/translate.h"

namespace sealdesk {

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    if (this != &other) {
        release();
        descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
}

Result<FileLock> FileLock::take(const std::filesystem::path& file) {
    SEALDESK_TRY(make_folder(file.parent_path()));
    FileLock lock;
    lock.descriptor_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (lock.descriptor_ < 0) return fail(ErrorKind::unavailable, trf("不能写 {}", file.string()), std::strerror(errno));
    while (flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        return errno == EWOULDBLOCK ? fail(ErrorKind::conflict, trf("{} 正被另一个窗口使用", file.string()))
                                    : fail(ErrorKind::unavailable, trf("不能写 {}", file.string()), std::strerror(errno));
    }
    return lock;
}

void FileLock::release() {
    if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
}

}  // namespace sealdesk
