// The tour: one day of the demo centre, worked in the real window with real events. Every step first looks at what is
// already done, so a tour that kills the window between any two steps must come to the same end.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "demo/centre.h"
#include "demo/driver.h"

namespace sealdesk::demo {

struct TourOptions {
    std::filesystem::path out;
    bool kill_between_steps = false;  // kill -9 the window after every step and start it again
    int orders = 0;                   // take only that many orders through; 0: all
};

struct StepTime {
    std::string name;
    double seconds = 0;
};

class Tour {
public:
    Tour(Centre& centre, storage::Database& database, Driver& driver, TourOptions options)
        : centre_(centre), database_(database), driver_(driver), options_(std::move(options)) {}

    // Prints a line per step; the first step that does not come out ends the tour.
    Result<std::vector<StepTime>> run();

private:
    struct Step {
        std::string name;
        std::function<Result<>()> run;
    };
    std::vector<Step> steps();

    Result<> sign_in(const std::string& login);
    Result<> change_to(const std::string& login);
    Result<> orders_arrive();
    Result<std::string> hold_one();
    Result<> look_at_scans();
    Result<> find_by_initials();
    Result<> clear_search();
    Result<> undo_once();
    Result<> review(int most);
    Result<> review_one(const std::string& no);
    Result<> fault_a_paper();
    Result<> compare_submissions();
    Result<> corrections();
    Result<> accept_seal();
    Result<> write_keys(int most);
    Result<> look_at_stock();
    Result<> portal_goes_away();
    Result<> invoices(int most);
    Result<> look_at_forms();
    Result<> pack(int most);
    Result<> open_parcel();
    Result<> scan_parcel();
    Result<> hand_over();
    Result<> acts_are_sent();
    Result<> daily_report();
    Result<> audit_and_settings();

    // Pictures go to out/screens; shot_once takes none that is there already.
    Result<> shot(const std::string& name);
    Result<> shot_once(const std::string& name);
    bool has_shot(const std::string& name) const;
    // Polls the store until `condition` says so; the window goes on meanwhile.
    Result<> until(const std::string& what, const std::function<Result<bool>()>& condition, int seconds = 30);
    Result<std::int64_t> number(const std::string& question);
    Result<std::string> text(const std::string& question);
    const Plan::Entry* planned(const std::string& no) const;

    Centre& centre_;
    storage::Database& database_;
    Driver& driver_;
    TourOptions options_;
    std::string login_;  // who sits at the window
};

}  // namespace sealdesk::demo
