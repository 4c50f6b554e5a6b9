#include "scanbox/serve.h"

#include <algorithm>
#include <new>
#include <nlohmann/json.hpp>
#include <set>

#include "scanbox/digests.h"
#include "scanbox/pages.h"
#include "scanbox/pdf.h"
#include "scanbox/sandbox.h"

namespace sealdesk::scanbox {

namespace {

using nlohmann::json;

// A file that is neither page nor archive: the applicant is told what to send instead.
const char* unusable(const Entry& entry) {
    switch (entry.kind) {
        case Kind::office: return "office";
        case Kind::ofd: return "ofd";
        default: return entry.alone ? "not_a_package" : "unsupported";
    }
}

json as_json(const Refusal& refusal) {
    json value{{"code", refusal.code}, {"detail", refusal.detail}};
    if (refusal.entry >= 0) value["entry"] = refusal.entry;
    if (!refusal.name.empty()) value["name"] = refusal.name;
    return value;
}

// A file that asks for more memory than there is costs itself only.
Result<std::vector<Page>> pages_within(Kind kind, std::string_view bytes, const Bounds& bounds) {
    try {
        return pages_of(kind, bytes, bounds);
    } catch (const std::bad_alloc&) {
        return code("too_much_memory");
    }
}

json list(const Desk& desk, const Bounds& bounds, const std::set<int>& skip, const Reading& reading) {
    json entries = json::array(), pages = json::array();
    std::vector<Refusal> refusals;
    const auto look_at = [&](const Entry& entry, std::string_view bytes) {
        const auto refuse = [&](const std::string& code, const std::string& detail) {
            refusals.push_back({entry.index, entry.name, code, detail});
        };
        if (skip.contains(entry.index)) {
            refuse("damaged", "ended the decoder");
        } else if (bytes.empty()) {
            refuse("no_bytes", "");
        } else if (!is_picture(entry.kind)) {
            refusals.push_back({entry.alone ? -1 : entry.index, entry.name, unusable(entry), ""});
        } else {
            desk.say(json{{"probing", entry.index}}.dump());
            const auto found = pages_within(entry.kind, bytes, bounds);
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
    };
    Digests digests;
    auto broken = walk(desk.package, bounds, reading, [&](const Entry& entry, const Content& content) {
        const auto bytes = content.bytes;
        entries.push_back({{"index", entry.index},
                           {"name", entry.name},
                           {"size", entry.size},
                           {"kind", name_of(entry.kind)},
                           {"ignored", entry.ignored}});
        if (!entry.ignored && !is_archive(entry.kind)) look_at(entry, bytes);
        if (content.owner != nullptr)
            digests.take(*content.owner, bytes.size());
        else if (content.lasts)
            digests.look(bytes);
        else
            digests.add(bytes);
        return true;
    });
    const auto hex = digests.all();
    for (size_t i = 0; i < hex.size(); ++i) entries[i]["sha256"] = hex[i];
    refusals.insert(refusals.end(), broken.begin(), broken.end());
    json told = json::array();
    for (const auto& refusal : refusals) told.push_back(as_json(refusal));
    return {{"done", true}, {"entries", entries}, {"pages", pages}, {"refusals", told}};
}

// One file out of the package; `use` gives the answer.
json with_entry(const Desk& desk, const Bounds& bounds, int wanted, Reading reading,
                const std::function<json(const Entry&, std::string_view bytes)>& use) {
    json reply{{"done", true}, {"error", "no_such_page"}};
    if (wanted < 0 || desk.pixels == nullptr) return reply;
    reading.only = wanted;
    const auto broken = walk(desk.package, bounds, reading, [&](const Entry& entry, const Content& content) {
        reply = use(entry, content.bytes);
        return false;
    });
    // What is wrong with that file, or with all of it before the file was reached.
    if (reply.contains("error") && reply["error"] == "no_such_page" && !broken.empty())
        reply = {{"done", true}, {"error", broken.back().code}, {"detail", broken.back().detail}};
    return reply;
}

json rendered(const Desk& desk, const Bounds& bounds, const json& asked, const Reading& reading) {
    Wish wish{asked.at("page"), asked.value("shrink", 1), asked.value("dpi", kPdfDpi)};
    if (wish.page < 0 || wish.shrink < 1 || wish.shrink > 64 || wish.pdf_dpi < 18 || wish.pdf_dpi > 1200)
        return {{"done", true}, {"error", "no_such_page"}};
    if (const auto part = asked.find("part"); part != asked.end())
        wish.part = {part->at("x"), part->at("y"), std::max(1, part->at("width").get<int>()), part->at("height")};
    return with_entry(desk, bounds, asked.at("entry"), reading, [&](const Entry& entry, std::string_view bytes) -> json {
        if (!is_picture(entry.kind)) return {{"done", true}, {"error", "no_such_page"}};
        const auto result = render(entry.kind, bytes, wish, bounds, {desk.pixels, desk.room});
        if (result) return {{"done", true}, {"width", result->width}, {"height", result->height}};
        return {{"done", true}, {"error", result.error().message}, {"detail", result.error().detail}};
    });
}

// A picture says its resolution in the list; what a PDF holds costs decoding it.
json picture_resolution(const Desk& desk, const Bounds& bounds, const json& asked, const Reading& reading) {
    const int page = asked.at("page");
    return with_entry(desk, bounds, asked.at("entry"), reading, [&](const Entry& entry, std::string_view bytes) -> json {
        if (page < 0 || entry.kind != Kind::pdf) return {{"done", true}, {"error", "no_such_page"}};
        const auto dpi = picture_dpi(bytes, page);
        if (dpi) return {{"done", true}, {"dpi", *dpi}};
        return {{"done", true}, {"error", dpi.error().message}, {"detail", dpi.error().detail}};
    });
}

json saved(const Desk& desk, const Bounds& bounds, const json& asked, const Reading& reading) {
    return with_entry(desk, bounds, asked.at("entry"), reading, [&](const Entry&, std::string_view bytes) -> json {
        if (bytes.size() > desk.room) return {{"done", true}, {"error", "too_much_unpacked"}};
        std::copy(bytes.begin(), bytes.end(), desk.pixels);
        return {{"done", true}, {"size", bytes.size()}};
    });
}

json reply_to(std::string_view request, const Desk& desk, const Bounds& bounds) {
    const auto asked = json::parse(request);
    const std::string op = asked.at("op");
    Reading reading;
    reading.password = asked.value("password", std::string{});
    if (op == "list") return list(desk, bounds, asked.value("skip", std::set<int>{}), reading);
    if (op == "render") return rendered(desk, bounds, asked, reading);
    if (op == "picture_dpi") return picture_resolution(desk, bounds, asked, reading);
    if (op == "save") return saved(desk, bounds, asked, reading);
    if (op == "check") return {{"done", true}, {"leaks", leaks()}};
    return {{"done", true}, {"error", "unknown_request"}};
}

}  // namespace

void answer(std::string_view request, const Desk& desk, const Bounds& bounds) {
    json reply;
    try {
        reply = reply_to(request, desk, bounds);
    } catch (const std::bad_alloc&) {
        reply = {{"done", true}, {"error", "too_much_memory"}};
    } catch (const std::exception& error) {
        reply = {{"done", true}, {"error", "internal"}, {"detail", error.what()}};
    }
    // Library messages may quote the stranger's bytes: what is not UTF-8 is replaced.
    desk.say(reply.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace sealdesk::scanbox
