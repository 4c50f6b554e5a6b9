// Desk: the services that a window or a command line works with, and who is signed in. A panel asks it for a
// verb's arguments and runs the verb in `jobs`; the Desk itself holds no business rule. Made on the main thread;
// `actor` belongs to the UI thread, everything else may be used from jobs.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "checks/checks.h"
#include "desk/authority_worker.h"
#include "desk/document_folder.h"
#include "desk/kept_letters.h"
#include "desk/key_bench.h"
#include "desk/memory.h"
#include "desk/settings.h"
#include "jobs/pool.h"
#include "review/review.h"
#include "scans/package_store.h"
#include "scans/scanbox.h"
#include "storage/database.h"
#include "sync/worker.h"

namespace sealdesk::desk {

class ShippingWorker;

class Desk {
public:
    ~Desk();
    // Opens the database; what else is missing (portal, KEY driver, authority) is told by its trouble sentence.
    static Result<std::unique_ptr<Desk>> open(Settings settings, Places places, const Clock& clock, crypto::Random& random);

    // Called from any thread when the screen should be drawn again; give it before anything is started.
    void set_wake(std::function<void()> wake);
    // Counts up whenever the data may have changed (a verb was run, the portal told something): a panel whose
    // answer is from an older generation asks again. Any thread.
    std::uint64_t generation() const { return generation_; }
    void touch();

    // Starts and stops the standing talk with the portal and an external CA, and the examination of what the portal brings.
    void start_sync();
    void stop_sync();
    sync::Status sync_status() const { return worker_ ? worker_->status() : sync::Status{}; }
    void nudge() {
        if (worker_) worker_->nudge();
    }
    Result<sync::PortalClient> portal_client() const;

    // The standing work for parcels and printers: a window's desk begins it with the first call (UI thread; jobs may use what
    // is there), and ends it before anything that it talks to goes. A command line has none.
    ShippingWorker& shipping();
    void stop_shipping();

    const Settings& settings() const { return settings_; }
    const Places& places() const { return places_; }
    const Clock& clock() const { return clock_; }
    crypto::Random& random() const { return random_; }
    storage::Database& database() const { return *database_; }
    const scans::PackageStore& packages() const { return packages_; }
    const scans::Scanbox& scanbox() const { return scanbox_; }
    const std::vector<review::Reason>& reasons() const { return reasons_; }
    const checks::Standards& standards() const { return standards_; }
    const checks::Reader& reader() const { return reader_; }
    // One slow worker each, for what no person waits for: reading what stands on pages, and examining what came.
    jobs::Pool& reading() { return *reading_; }
    jobs::Pool& examining() { return *examining_; }
    // For KEYs that are being written or get a PIN, as many at once as a hub has ports: panels do not wait for them, the end of
    // the program does.
    jobs::Pool& writing() { return *writing_; }
    KeptLetters& letters() { return letters_; }
    checks::Pages pages() const { return {&scanbox_, &packages_, settings_.read_pages}; }
    review::Rules review_rules() const { return {settings_.lease_ms, settings_.undo_ms, settings_.return_ms, &working_time_}; }
    const review::WorkingTime& working_time() const { return working_time_; }
    KeyBench& key_bench() const { return *key_bench_; }
    // Publishes lists and tells an external CA between start_sync() and stop_sync().
    AuthorityWorker& authority_worker() const { return *authority_worker_; }
    keys::Bench bench() const { return key_bench_->bench(); }
    std::string key_trouble() const { return key_bench_->trouble(); }  // "" when KEYs can be written here
    const DocumentFolder& documents() const { return documents_; }
    // As a person is told of it: labels/EA100000017CN.pdf.
    std::string document_name(const std::filesystem::path& file) const { return file.lexically_proximate(documents()).string(); }

    jobs::Pool& jobs() { return *jobs_; }
    std::optional<staff::Actor> actor;

private:
    Desk(Settings settings, Places places, const Clock& clock, crypto::Random& random);
    void examine_what_came();
    void fill_search_index();

    Settings settings_;
    DocumentFolder documents_;
    Places places_;
    const Clock& clock_;
    crypto::Random& random_;
    std::unique_ptr<storage::Database> database_;
    scans::PackageStore packages_;
    scans::Scanbox scanbox_;
    std::vector<review::Reason> reasons_;
    review::WorkingTime working_time_;
    checks::Standards standards_;
    checks::Reader reader_;
    std::atomic<bool> examination_asked_ = false, talking_ = false;
    std::unique_ptr<KeyBench> key_bench_;
    std::unique_ptr<AuthorityWorker> authority_worker_;
    std::atomic<std::uint64_t> generation_ = 1;
    std::function<void()> wake_;
    KeptLetters letters_;
    std::unique_ptr<jobs::Pool> jobs_, writing_, reading_, examining_;
    std::unique_ptr<sync::Worker> worker_;
    std::unique_ptr<ShippingWorker> shipping_;
    std::jthread indexing_;  // of a store that is older than the search index
};

}  // namespace sealdesk::desk
