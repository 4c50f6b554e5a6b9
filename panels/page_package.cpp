#include "panels/page_package.h"

#include <algorithm>
#include <utility>

#include "checks/known_pages.h"
#include "panels/kit/frame.h"

namespace sealdesk::panels {

namespace {

std::string key_of(const PageSubject& subject) { return subject.order_no + "#" + std::to_string(subject.revision); }

}  // namespace

bool may_see_scans(const staff::Actor& actor) {
    return staff::has(actor.roles, staff::Role::reviewer) || staff::has(actor.roles, staff::Role::supervisor);
}

void PagePackage::open(desk::Desk& desk) {
    asked_at_ = ImGui::GetTime();
    opening_.start(desk.jobs(),
                   [&database = desk.database(), &box = desk.scanbox(), &store = desk.packages(), &standards = desk.standards(),
                    subject = *subject_, actor = *desk.actor, log = seen_ == Seen::now && !logged_.contains(key_of(*subject_)),
                    password = password_,
                    decoded = decoded_                ? decoded_->package
                              : package_ && !locked() ? package_
                                                      : nullptr]() -> Opened {
                       if (!store.has(subject.sha256)) return {};
                       const auto path = store.path_of(subject.sha256);
                       if (!path) return {nullptr, path.error(), {}, false};
                       // First the log, then the papers: what cannot be logged is not shown.
                       if (log)
                           if (const auto logged = review::opened_scans(database, actor, subject.order_no, subject.revision);
                               !logged)
                               return {nullptr, logged.error(), {}, false};
                       Opened opened{decoded, std::nullopt, {}, log};
                       if (!opened.package) {
                           auto package = box.open(*path, password ? password->view() : std::string_view());
                           if (!package) return {nullptr, package.error(), {}, log};
                           opened.package = std::make_shared<const scans::Package>(std::move(*package));
                       }
                       // Without it the pages are shown as well.
                       if (auto known = checks::known_pages(database, standards, subject.order_no, *opened.package))
                           for (auto& page : *known) opened.materials.push_back(std::move(page.material));
                       return opened;
                   });
}

bool PagePackage::show(desk::Desk& desk, const std::optional<PageSubject>& subject, Seen seen,
                       std::optional<PageAhead::Ready> decoded) {
    if (subject == subject_) return false;
    subject_ = subject;
    seen_ = seen;
    opening_.clear();
    package_.reset();
    shown_.reset();
    materials_.clear();
    error_.reset();
    missing_ = false;
    pictures_.clear();
    password_.reset();
    decoded_ = std::move(decoded);
    if (subject_ && may_see_scans(*desk.actor)) open(desk);
    return true;
}

bool PagePackage::reveal(desk::Desk& desk) {
    if (!subject_ || !package_) return false;
    if (logged_.contains(key_of(*subject_))) return true;
    if (seen_ == Seen::later) {
        seen_ = Seen::now;
        open(desk);
    }
    return false;
}

bool PagePackage::poll(desk::Desk& desk) {
    bool came = false;
    if (opening_.arrived()) {
        Opened& opened = *opening_.ready();
        package_ = opened.package;
        materials_ = std::move(opened.materials);
        error_ = opened.error;
        missing_ = !package_ && !error_;
        if (opened.logged) logged_.insert(key_of(*subject_));
        if (package_ && package_ != shown_) {
            shown_ = package_;
            pictures_.use(subject_->sha256, package_);
            if (decoded_) pictures_.give(0, decoded_->shrink, decoded_->first);
            decoded_.reset();
            came = true;
        }
    }
    // What is only compared with may be missing for good: nobody waits for it.
    if (missing_ && seen_ == Seen::now && !opening_.running()) {
        constexpr double kAgain = 2;  // seconds
        if (ImGui::GetTime() - asked_at_ >= kAgain) open(desk);
        kit::wake_in(kAgain);
    }
    pictures_.poll();
    return came;
}

void PagePackage::unlock(desk::Desk& desk, crypto::Secret password) {
    password_ = std::make_shared<const crypto::Secret>(std::move(password));
    open(desk);
}

bool PagePackage::locked() const {
    return package_ && std::any_of(package_->refusals.begin(), package_->refusals.end(), [](const scans::Refusal& refusal) {
               return refusal.code == "encrypted" || refusal.code == "wrong_password";
           });
}

}  // namespace sealdesk::panels
