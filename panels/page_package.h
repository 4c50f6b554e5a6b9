// One submission's package on the bench: opened in a job, logged before it is seen, asked for again while it is on its way,
// unlocked with a password that the applicant told. Owned by PageViewer, UI thread only.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/secret.h"
#include "panels/page_ahead.h"
#include "panels/page_pictures.h"

namespace sealdesk::panels {

// Whose scans are shown.
struct PageSubject {
    std::string order_no;
    int revision = 1;
    std::string sha256, package_name;
    bool operator==(const PageSubject&) const = default;
};

class PagePackage {
public:
    // now: logged before it is opened. later: opened only to be compared with, logged by reveal() before a page is shown.
    enum class Seen { now, later };
    // Another subject closes what was open. `decoded`: the same package, if it was opened ahead. False: nothing changed.
    bool show(desk::Desk& desk, const std::optional<PageSubject>& subject, Seen seen = Seen::now,
              std::optional<PageAhead::Ready> decoded = std::nullopt);
    // Whether its pages may be drawn: asks for the row in the log where that is missing.
    bool reveal(desk::Desk& desk);
    // Takes what jobs have brought; once a frame. True in the frame in which the package came.
    bool poll(desk::Desk& desk);
    void open(desk::Desk& desk);  // again
    void unlock(desk::Desk& desk, crypto::Secret password);

    const std::optional<PageSubject>& subject() const { return subject_; }
    const std::shared_ptr<const scans::Package>& package() const { return package_; }
    size_t count() const { return package_ ? package_->pages.size() : 0; }
    const std::optional<Error>& error() const { return error_; }
    bool missing() const { return missing_; }  // still on its way from the portal
    bool opening() { return opening_.running(); }
    bool locked() const;  // by a password that nobody has told yet
    PagePictures& pictures() { return pictures_; }
    // Code of the material that each page is, "" where it is not known.
    const std::vector<std::string>& materials() const { return materials_; }

private:
    struct Opened {
        std::shared_ptr<const scans::Package> package;  // null: not there, or `error` says why not
        std::optional<Error> error;
        std::vector<std::string> materials;
        bool logged = false;
    };
    std::optional<PageSubject> subject_;
    jobs::Async<Opened> opening_;
    std::shared_ptr<const scans::Package> package_;
    std::shared_ptr<const scans::Package> shown_;  // whose pages pictures_ has
    std::vector<std::string> materials_;
    std::optional<Error> error_;
    bool missing_ = false;
    double asked_at_ = 0;
    Seen seen_ = Seen::now;
    std::set<std::string> logged_;
    std::shared_ptr<const crypto::Secret> password_;  // forgotten with the order
    PagePictures pictures_;
    std::optional<PageAhead::Ready> decoded_;  // of this package, before it was on the bench
};

bool may_see_scans(const staff::Actor& actor);

}  // namespace sealdesk::panels
