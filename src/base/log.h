// What a person cannot mend and a colleague has to look into: faults go into the desk's log, with a number that the person can
// tell. Sentences for people are not logged, nor what they work on.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace sealdesk {

// While it lives, faults go to desk.log in the folder (and five older files of 2 MB), through a thread of its own; else to
// standard error. One at a time.
class Log {
public:
    static Result<Log> open(const std::filesystem::path& folder);
    Log(Log&& other) noexcept : open_(std::exchange(other.open_, false)) {}
    Log& operator=(Log&&) = delete;
    ~Log();  // what was logged is in the file then

private:
    Log() = default;
    bool open_ = true;
};

// The incident's number, as "7F3A-91C2". Any thread.
std::string log_incident(const Error& error);

}  // namespace sealdesk
