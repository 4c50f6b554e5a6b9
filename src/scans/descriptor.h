// A file descriptor that is closed once.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace sealdesk::scans {

class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    // Out of the way of the numbers that a child's descriptors get.
    Descriptor high() const { return Descriptor(fcntl(fd_, F_DUPFD_CLOEXEC, 64)); }

private:
    int fd_;
};

}  // namespace sealdesk::scans
