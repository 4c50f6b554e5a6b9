#include <fmt/format.h>

#include "cli/commands.h"
#include "orders/number_ranges.h"

namespace sealdesk::cli {

using nlohmann::json;

namespace {

struct Words {
    std::string name, pattern, first, last;
};

json shown(const orders::NumberRange& range) {
    return {{"pattern", range.pattern}, {"next", range.next}, {"last", range.last}, {"left", range.remaining()}};
}

std::string line_of(const orders::NumberRange& range, const char* words) {
    return fmt::format("{}\t{}\t{}\t{}\t{}\n", range.name, range.pattern, range.next, range.last, words);
}

Result<> list(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(all, orders::ranges(desk->database()));
    json out = json::array();
    std::string text;
    for (const auto& each : all) {
        json waiting = json::array();
        text += line_of(each.in_use, tr("在用"));
        for (const auto& range : each.waiting) {
            waiting.push_back(shown(range));
            text += line_of(range, tr("排队"));
        }
        json one = shown(each.in_use);
        one["name"] = each.in_use.name;
        one["waiting"] = waiting;
        one["left_in_all"] = each.remaining();
        out.push_back(one);
    }
    print(common, out, text);
    return {};
}

Result<> add(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(range, orders::parse_range(words.name, words.pattern, words.first, words.last));
    SEALDESK_TRY(orders::add_range(desk->database(), actor, range));
    SEALDESK_LET(left, orders::remaining(desk->database(), range.name));
    print(common, {{"name", range.name}, {"left_in_all", left}}, trf("号段已添加，{} 还剩 {} 个号码", range.name, left) + "\n");
    return {};
}

}  // namespace

void add_range_commands(CLI::App& app, Common& common) {
    const auto words = std::make_shared<Words>();
    auto* group = app.add_subcommand("range", "number ranges of invoices, waybills and manifests");
    group->require_subcommand(1);
    on(group->add_subcommand("list", "in use and waiting, with what is left"), common, [&common] { return list(common); });
    auto* adding = group->add_subcommand("add", "numbers to go on with when those before are used up; --as an administrator");
    adding->add_option("name", words->name, "invoice, waybill or manifest")->required();
    adding->add_option("pattern", words->pattern, "\"EA{s10}CN\", \"{yy}320{:015}\": {s10}, {:0DIGITS} or {} is the serial")
        ->required();
    adding->add_option("first", words->first, "first serial")->required();
    adding->add_option("last", words->last, "last serial")->required();
    on(adding, common, [&common, words] { return add(common, *words); });
}

}  // namespace sealdesk::cli
