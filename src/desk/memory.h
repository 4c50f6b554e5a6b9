// Memory: what one person had in front of them when they last sat here (panel, tab, order, page, zoom, a half-typed
// note), so that a restart goes on where it stopped. A file of this desk, not a record: a lost one costs a few
// clicks. Read and written in jobs, changed by the UI thread only.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.h"

namespace sealdesk::desk {

class Memory {
public:
    // What that person left; empty when there is nothing, or nothing that can be read. Runs in a job.
    static Memory load(const std::filesystem::path& home, const std::string& login);

    // "" when nothing is kept under that name.
    const std::string& get(const std::string& name) const;
    // "" forgets it.
    void set(const std::string& name, const std::string& value);

    bool changed() const { return changed_; }
    void kept() { changed_ = false; }
    // Runs in a job, on a copy.
    Result<> save(const std::filesystem::path& home) const;

private:
    std::string login_;
    std::map<std::string, std::string> values_;
    bool changed_ = false;
};

}  // namespace sealdesk::desk
