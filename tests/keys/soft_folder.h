// A new folder for soft KEYs, in memory where there is a place for it: SoftHSM syncs every object it writes.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

inline std::filesystem::path soft_folder() {
    const bool memory = std::filesystem::is_directory("/dev/shm");
    std::string name = std::string(memory ? "/dev/shm" : "/tmp") + "/sealdesk_keys_XXXXXX";
    return mkdtemp(name.data()) ? std::filesystem::path(name) : std::filesystem::path();
}
