#include "sync/exchange.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "certificates/certificate_register.h"
#include "crypto/pem.h"
#include "sync/packages_store.h"

namespace sealdesk::sync {

Result<int> take_events(storage::Database& database, const PortalClient& portal, std::chrono::seconds wait,
                        std::stop_token stop) {
    SEALDESK_LET(position, intake::position(database));
    SEALDESK_LET(events, portal.events(position.seq, 200, wait, stop));
    for (const auto& event : events) {
        const intake::Event taken{event.seq, event.kind, event.order_no, event.revision,
                                  nlohmann::json{{"seq", event.seq}, {"kind", event.kind}, {"order_no", event.order_no}}.dump()};
        if (event.kind == "refunded") {
            SEALDESK_TRY(intake::take(database, taken, std::nullopt));
            continue;
        }
        const auto order = portal.order(event.order_no, stop);
        if (order) {
            SEALDESK_TRY(intake::take(database, taken, order->order));
        } else if (order.error().kind == ErrorKind::refused || order.error().kind == ErrorKind::corrupt) {
            SEALDESK_TRY(intake::put_aside(database, taken, order.error().message));
        } else {
            return tl::unexpected(order.error());
        }
    }
    SEALDESK_TRY(intake::heard(database));
    return static_cast<int>(events.size());
}

Result<int> fetch_packages(storage::Database& database, const PortalClient& portal, const scans::PackageStore& store, int limit,
                           std::stop_token stop) {
    int fetched = 0;
    std::optional<Error> first;
    // Only reviewers cannot go on without: what else the portal keeps no more holds up nothing.
    for (const Wanted wanted : {Wanted::in_review, Wanted::to_seal, Wanted::earlier}) {
        SEALDESK_LET(list, packages_of(database, wanted));
        for (const auto& sha256 : list) {
            if (fetched >= limit || stop.stop_requested()) break;
            if (store.has(sha256)) continue;
            SEALDESK_LET(path, store.path_of(sha256));
            SEALDESK_TRY(make_folder(path.parent_path()));
            const auto got = portal.package(sha256, path, stop);
            if (got)
                ++fetched;
            else if (got.error().kind == ErrorKind::unavailable || got.error().kind == ErrorKind::denied)
                return tl::unexpected(got.error());
            else if (!first && wanted == Wanted::in_review)
                first = got.error();  // one broken package must not hold up the others
        }
    }
    if (fetched == 0 && first) return tl::unexpected(*first);
    return fetched;
}

Result<Sent> send_acts(storage::Database& database, const PortalClient& portal, crypto::Random& random, std::stop_token stop) {
    Sent all;
    while (!stop.stop_requested()) {
        SEALDESK_LET(list, acts::due(database, 50));
        if (list.empty()) return all;
        for (const auto& act : list) {
            const nlohmann::json body{{"order_no", act.order_no},
                                      {"revision", act.revision},
                                      {"kind", act.kind},
                                      {"body", nlohmann::json::parse(act.body, nullptr, false)}};
            const auto answer = portal.put_act(act.uuid, body, stop);
            if (!answer) {
                SEALDESK_TRY(
                    acts::failed(database, act, answer.error().message, database.now() + back_off_ms(act.attempts + 1, random)));
                return tl::unexpected(answer.error());
            }
            if (answer->result == ActResult::applied) {
                SEALDESK_TRY(acts::sent(database, act));
                ++all.applied;
            } else {
                SEALDESK_TRY(acts::conflicted(database, act, answer->sentence));
                ++all.conflicts;
            }
        }
    }
    return all;
}

Result<bool> send_list(storage::Database& database, const PortalClient& portal, std::stop_token stop) {
    SEALDESK_LET(list, certificates::untold_crl(database));
    if (!list) return false;
    SEALDESK_LET(der, crypto::from_pem("X509 CRL", list->pem));
    SEALDESK_TRY(portal.put_list(der, stop));
    SEALDESK_TRY(certificates::crl_told(database, list->number));
    return true;
}

std::int64_t back_off_ms(int failures, crypto::Random& random) {
    const std::int64_t ceiling = std::min<std::int64_t>(kSecond << std::clamp(failures - 1, 0, 12), acts::kLongestPause);
    return ceiling / 2 + crypto::below(random, static_cast<unsigned>(ceiling / 2) + 1);
}

}  // namespace sealdesk::sync
