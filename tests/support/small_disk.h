// SmallDisk: a file system of a few megabytes that a test can fill up or make read-only. It is mounted in a mount
// namespace of the test's own process, which Linux allows to root and, where user namespaces are on, to anyone.
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/files.h"

namespace sealdesk::tests {

class SmallDisk {
public:
    // `at` is an empty folder. When the kernel does not allow it, trouble() says why.
    SmallDisk(std::filesystem::path at, int megabytes) : at_(std::move(at)) {
        const std::string size = "size=" + std::to_string(megabytes) + "m";
        if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            fail("unshare");
        else if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
            fail("mount --make-private");
        else if (mount("tmpfs", at_.c_str(), "tmpfs", 0, size.c_str()) != 0)
            fail("mount tmpfs");
        else
            mounted_ = true;
    }
    ~SmallDisk() {
        if (mounted_) umount2(at_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    const std::string& trouble() const { return trouble_; }  // "" when the disk is there
    void fill() {
        for (const size_t piece : {size_t{65536}, size_t{4096}}) {  // what is left is less than a page of a database
            std::ofstream file(at_ / "filler", std::ios::app | std::ios::binary);
            const std::string bytes(piece, 'x');
            while (file.write(bytes.data(), static_cast<std::streamsize>(piece)).flush()) {
            }
        }
    }
    void make_room() { std::filesystem::remove(at_ / "filler"); }
    bool make_read_only() { return mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0; }
    bool make_writable() { return mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT, nullptr) == 0; }

private:
    void fail(const char* what) { trouble_ = std::string(what) + ": " + std::strerror(errno); }

    std::filesystem::path at_;
    std::string trouble_;
    bool mounted_ = false;
};

}  // namespace sealdesk::tests
