#include "portal/seed.h"

#include <algorithm>
#include <string>

#include "base/translate.h"
#include "orders/order_json.h"
#include "portal/store.h"

namespace sealdesk::portal {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::string extension_of(const json& package) {
    const std::string format = package.at("format");
    return format == "zip_gbk" ? "zip" : format;
}

fs::path file_of(const json& order, int revision, const json& package, const fs::path& folder) {
    return folder / (order.at("no").get<std::string>() + "-r" + std::to_string(revision) + "." + extension_of(package));
}

json recipe(const json& package, const fs::path& out) {
    const bool gbk = package.at("format") == "zip_gbk";
    return {{"out", out.string()},
            {"format", gbk ? "zip" : package.at("format")},
            {"names", gbk ? "gbk" : "utf8"},
            {"pages", package.at("pages")}};
}

Result<Placed> place(storage::Database& database, const Packages& packages, const json& demo, const fs::path& folder,
                     Instant now) {
    json order = demo;
    const Instant paid_at = now + -demo.at("paid_minutes_ago").get<std::int64_t>() * kMinute;
    order["payment"]["paid_at"] = paid_at.ms;
    const json& package = demo.at("package");
    SEALDESK_LET(stored, packages.add(file_of(demo, 1, package, folder)));
    order["submissions"] = json::array({{{"revision", 1},
                                         {"package_sha256", stored.sha256},
                                         {"package_name", package.at("name")},
                                         {"package_bytes", stored.bytes},
                                         {"submitted_at", (paid_at + -3 * kMinute).ms}}});
    SEALDESK_LET(read, orders::order_from_json(order));
    return place_order(database, read);
}

}  // namespace

json package_recipes(const json& demo, const fs::path& folder) {
    json list = json::array();
    for (const json& order : demo.at("orders")) {
        list.push_back(recipe(order.at("package"), file_of(order, 1, order.at("package"), folder)));
        if (order.contains("later") && order["later"].contains("resubmit"))
            list.push_back(recipe(order["later"]["resubmit"], file_of(order, 2, order["later"]["resubmit"], folder)));
    }
    return {{"packages", list}};
}

Result<Seeded> seed(storage::Database& database, const Packages& packages, const json& demo, const fs::path& folder,
                    Instant now) try {
    std::vector<json> orders = demo.at("orders");
    std::stable_sort(orders.begin(), orders.end(),
                     [](const json& a, const json& b) { return a.at("paid_minutes_ago") > b.at("paid_minutes_ago"); });
    Seeded seeded;
    for (const json& order : orders) {
        SEALDESK_LET(placed, place(database, packages, order, folder, now));
        ++(placed == Placed::now ? seeded.placed : seeded.before);
    }
    return seeded;
} catch (const json::exception& error) {
    return fail(ErrorKind::corrupt, tr("演示订单文件的内容不完整"), error.what());
}

}  // namespace sealdesk::portal
