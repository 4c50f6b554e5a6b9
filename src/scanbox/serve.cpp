#include "scanbox/serve.h"

#include <nlohmann/json.hpp>
#include <set>

#include "crypto/digest.h"
#include "scanbox/pages.h"
#include "scanbox/sandbox.h"

namespace sealdesk::scanbox {

namespace {

using nlohmann::json;

// A file that is neither page nor archive: the applicant is told what to send instead.
const char* unusable(Kind kind) {
    switch (kind) {
        case Kind::office: return "office";
        case Kind::ofd: return "ofd";
        default: return "unsupported";
    }
}

json as_json(const Refusal& refusal) {
    json value{{"code", refusal.code}, {"detail", refusal.detail}};
    if (refusal.entry >= 0) value["entry"] = refusal.entry;
    if (!refusal.name.empty()) value["name"] = refusal.name;
    return value;
}

json list(const Desk& desk, const Bounds& bounds, const std::set<int>& skip) {
    json entries = json::array(), pages = json::array();
    std::vector<Refusal> refusals;
    auto broken = walk(desk.package, bounds, [&](const Entry& entry, std::string_view bytes) {
        entries.push_back({{"index", entry.index},
                           {"name", entry.name},
                           {"size", entry.size},
                           {"kind", name_of(entry.kind)},
                           {"ignored", entry.ignored},
                           {"sha256", sha256_hex(bytes)}});
        if (entry.ignored || is_archive(entry.kind)) return true;
        const auto refuse = [&](const std::string& code, const std::string& detail) {
            refusals.push_back({entry.index, entry.name, code, detail});
        };
        if (skip.contains(entry.index)) {
            refuse("damaged", "ended the decoder");
        } else if (bytes.empty()) {
            refuse("no_bytes", "");
        } else if (!is_picture(entry.kind)) {
            refuse(unusable(entry.kind), "");
        } else {
            desk.say(json{{"probing", entry.index}}.dump());
            const auto found = pages_of(entry.kind, bytes, bounds);
            if (!found) {
                refuse(found.error().message, found.error().detail);
            } else if (pages.size() + found->size() > static_cast<size_t>(bounds.pages)) {
                refuse("too_many_pages", "");
            } else {
                for (const auto& page : *found)
                    pages.push_back({{"entry", entry.index},
                                     {"page", page.number},
                                     {"width", page.width},
                                     {"height", page.height},
                                     {"dpi", page.dpi},
                                     {"format", name_of(entry.kind)}});
            }
        }
        return true;
    });
    refusals.insert(refusals.end(), broken.begin(), broken.end());
    json told = json::array();
    for (const auto& refusal : refusals) told.push_back(as_json(refusal));
    return {{"done", true}, {"entries", entries}, {"pages", pages}, {"refusals", told}};
}

json rendered(const Desk& desk, const Bounds& bounds, int wanted, int page, int shrink) {
    json reply{{"done", true}, {"error", "no_such_page"}};
    if (wanted < 0 || page < 0 || shrink < 1 || shrink > 64 || desk.pixels == nullptr) return reply;
    walk(desk.package, bounds, [&](const Entry& entry, std::string_view bytes) {
        if (entry.index != wanted) return true;
        if (!is_picture(entry.kind)) return false;
        const auto result = render(entry.kind, bytes, page, shrink, bounds, desk.pixels, desk.room);
        if (result)
            reply = {{"done", true}, {"width", result->width}, {"height", result->height}};
        else
            reply = {{"done", true}, {"error", result.error().message}, {"detail", result.error().detail}};
        return false;
    });
    return reply;
}

json reply_to(std::string_view request, const Desk& desk, const Bounds& bounds) {
    const auto asked = json::parse(request);
    const std::string op = asked.at("op");
    if (op == "list") return list(desk, bounds, asked.value("skip", std::set<int>{}));
    if (op == "render") return rendered(desk, bounds, asked.at("entry"), asked.at("page"), asked.value("shrink", 1));
    if (op == "check") return {{"done", true}, {"leaks", leaks()}};
    return {{"done", true}, {"error", "unknown_request"}};
}

}  // namespace

void answer(std::string_view request, const Desk& desk, const Bounds& bounds) {
    json reply;
    try {
        reply = reply_to(request, desk, bounds);
    } catch (const std::exception& error) {
        reply = {{"done", true}, {"error", "internal"}, {"detail", error.what()}};
    }
    // Library messages may quote the stranger's bytes: what is not UTF-8 is replaced.
    desk.say(reply.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace sealdesk::scanbox
