#include "desk/desk.h"

#include "base/files.h"
#include "base/text.h"
#include "desk/shipping_worker.h"
#include "search/search.h"

namespace sealdesk::desk {

constexpr unsigned kKeysAtOnce = 8;

Desk::Desk(Settings settings, Places places, const Clock& clock, crypto::Random& random)
    : settings_(std::move(settings)),
      documents_(settings_.home / "documents"),
      places_(std::move(places)),
      clock_(clock),
      random_(random),
      packages_(settings_.home / "packages"),
      scanbox_(places_.scanbox),
      reader_(settings_.read_pages ? places_.reader : std::filesystem::path()),
      jobs_(std::make_unique<jobs::Pool>(4)),
      writing_(std::make_unique<jobs::Pool>(kKeysAtOnce)),
      reading_(std::make_unique<jobs::Pool>(1)),
      examining_(std::make_unique<jobs::Pool>(1)) {}

Desk::~Desk() { stop_shipping(); }

ShippingWorker& Desk::shipping() {
    if (!shipping_) shipping_ = std::make_unique<ShippingWorker>(*this);
    return *shipping_;
}

void Desk::stop_shipping() {
    writing_->wait_idle();  // a job may be about to nudge it
    jobs_->wait_idle();
    shipping_.reset();
}

Result<std::unique_ptr<Desk>> Desk::open(Settings settings, Places places, const Clock& clock, crypto::Random& random) {
    std::unique_ptr<Desk> desk(new Desk(std::move(settings), std::move(places), clock, random));
    SEALDESK_LET(database,
                 storage::Database::open({desk->settings_.database, desk->places_.data / "migrations/desk", &clock, &random, 6}));
    desk->database_ = std::move(database);
    desk->fill_search_index();
    SEALDESK_LET(reasons, review::load_reasons(desk->places_.data / "reasons.toml"));
    desk->reasons_ = std::move(reasons);
    SEALDESK_LET(working, review::WorkingTime::make(desk->settings_.working_days, desk->settings_.working_hours));
    SEALDESK_TRY(working.read_days(desk->places_.data / "workdays.toml"));
    desk->working_time_ = std::move(working);
    SEALDESK_LET(standards, checks::load_standards(desk->places_.data));
    desk->standards_ = std::move(standards);
    // A desk without KEY driver or authority still reviews, invoices and ships.
    desk->key_bench_ = std::make_unique<KeyBench>(desk->settings_, desk->places_, *desk->database_, random);
    desk->authority_worker_ = std::make_unique<AuthorityWorker>(desk->settings_, *desk->database_, *desk->key_bench_, random);
    return desk;
}

// A store with years of orders takes minutes: they can be found bit by bit while people work. What does not come about now
// (disk full, server away) comes about at the next start.
void Desk::fill_search_index() {
    search::Filled so_far;
    const auto first = search::fill_next(*database_, so_far);
    if (!first || *first) return;
    indexing_ = std::jthread([&database = *database_, so_far](const std::stop_token& stop) mutable {
        while (!stop.stop_requested())
            if (const auto next = search::fill_next(database, so_far); !next || *next) return;
    });
}

Result<sync::PortalClient> Desk::portal_client() const {
    if (settings_.portal.empty()) return refused(tr("没有设置门户地址"));
    SEALDESK_LET(token, read_file(settings_.portal_token_file, 4096));
    network::HttpClient::Options options;
    options.base = settings_.portal;
    options.ca_file = settings_.portal_ca;
    options.certificate = settings_.portal_certificate;
    options.private_key = settings_.portal_key;
    options.bearer = trimmed(token);
    return sync::PortalClient(std::move(options));
}

void Desk::set_wake(std::function<void()> wake) {
    wake_ = wake;
    reading_->set_wake(wake);
    examining_->set_wake(wake);
    writing_->set_wake(wake);
    jobs_->set_wake(std::move(wake));
}

void Desk::touch() {
    ++generation_;
    if (authority_worker_) authority_worker_->nudge();
    if (wake_) wake_();
}

// New submissions are examined before somebody opens them; a few orders a job, so that a desk that is closed does not wait
// long, and beside the jobs of people, who neither wait for it nor find the desk busy with it.
void Desk::examine_what_came() {
    if (examination_asked_.exchange(true)) return;
    examining_->submit([this] {
        constexpr int kAtOnce = 4;
        examination_asked_ = false;  // what comes from here on is asked for again
        const auto done = checks::examine_due(*database_, standards_, pages(), kAtOnce);
        if (done && *done > 0) touch();
        if (done && *done == kAtOnce && talking_) examine_what_came();
    });
}

void Desk::start_sync() {
    authority_worker_->start([this] {
        if (wake_) wake_();
    });
    auto portal = portal_client();
    if (!portal) return;
    talking_ = true;
    worker_ = std::make_unique<sync::Worker>(*database_, std::move(*portal), packages_, random_, [this] {
        examine_what_came();
        touch();
    });
}

void Desk::stop_sync() {
    talking_ = false;
    worker_.reset();
    authority_worker_->stop();
    examining_->wait_idle();
}

}  // namespace sealdesk::desk
