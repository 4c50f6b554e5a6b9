#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/translate.h"

namespace sealdesk {

namespace {

Failure unreadable(const char* sentence, const std::filesystem::path& path) {
    const int error = errno;
    return fail(ErrorKind::unavailable, trf(sentence, path.string(), std::strerror(error)));
}

struct Descriptor {
    int fd;
    ~Descriptor() {
        if (fd >= 0) close(fd);
    }
};

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, size_t limit) {
    const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status {};
    if (file.fd < 0 || fstat(file.fd, &status) != 0) return unreadable("读不到文件 {}：{}", path);
    if (S_ISDIR(status.st_mode)) return fail(ErrorKind::unavailable, trf("{} 是文件夹，不是文件", path.string()));
    std::string bytes;
    char block[1 << 16];
    for (;;) {
        const ssize_t n = read(file.fd, block, sizeof block);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return unreadable("读不到文件 {}：{}", path);
        if (n == 0) return bytes;
        bytes.append(block, static_cast<size_t>(n));
        if (bytes.size() > limit) return refused(trf("文件 {} 超过 {} MB", path.string(), limit >> 20));
    }
}

Result<> write_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode) {
    std::string temporary = path.string() + ".XXXXXX";
    const Descriptor file{mkostemp(temporary.data(), O_CLOEXEC)};
    if (file.fd < 0) return unreadable("无法写入 {}：{}", path);
    const auto give_up = [&] {
        auto failure = unreadable("无法写入 {}：{}", path);
        unlink(temporary.c_str());
        return failure;
    };
    for (size_t at = 0; at < bytes.size();) {
        const ssize_t n = write(file.fd, bytes.data() + at, bytes.size() - at);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return give_up();
        at += static_cast<size_t>(n);
    }
    if (fchmod(file.fd, mode) != 0 || fsync(file.fd) != 0 || rename(temporary.c_str(), path.c_str()) != 0) return give_up();
    const Descriptor folder{open(path.has_parent_path() ? path.parent_path().c_str() : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder.fd >= 0) fsync(folder.fd);
    return {};
}

Result<> make_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return fail(ErrorKind::unavailable, trf("无法建立文件夹 {}：{}", path.string(), error.message()));
    return {};
}

}  // namespace sealdesk
