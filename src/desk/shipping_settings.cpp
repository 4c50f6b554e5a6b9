#include "desk/shipping_settings.h"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "base/files.h"
#include "base/translate.h"
#include "printing/media.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

const std::string& ShippingSettings::printer(printing::Use use) const {
    switch (use) {
        case printing::Use::label: return printer_label;
        case printing::Use::invoice: return printer_invoice;
        default: return printer_a4;
    }
}

void ShippingSettings::set_printer(printing::Use use, const std::string& address) {
    (use == printing::Use::label ? printer_label : use == printing::Use::invoice ? printer_invoice : printer_a4) = address;
}

static bool is_paper(const ShippingSettings& settings) {
    return settings.invoice_paper == "a4" || settings.invoice_paper == "form" || settings.invoice_paper == "form_pre_printed";
}

static fs::path file_of(const fs::path& home) { return home / "shipping.toml"; }

// Names that stand for something: a typing error would print a label of another size.
static Result<> known_values(const ShippingSettings& settings) {
    const auto one_of = [](const char* name, const std::string& value, std::initializer_list<const char*> all) -> Result<> {
        if (std::find(all.begin(), all.end(), value) != all.end()) return {};
        std::string list;
        for (const char* each : all) list += (list.empty() ? "" : ", ") + std::string(each);
        return refused(trf("发货设置里 {} 的值“{}”不对，可以是 {}", name, value, list));
    };
    SEALDESK_TRY(one_of("label_format", settings.label_format, {"pdf", "zpl"}));
    SEALDESK_TRY(one_of("label_size", settings.label_size, {"100x180", "100x150", "76x130"}));
    return one_of("label_dpi", std::to_string(settings.label_dpi), {"203", "300"});
}

Result<ShippingSettings> load_shipping_settings(const fs::path& home) try {
    ShippingSettings settings;
    std::error_code error;
    if (!fs::exists(file_of(home), error)) return settings;
    SEALDESK_LET(text, read_file(file_of(home), size_t{1} << 16));
    const toml::table table = toml::parse(text);
    const auto take = [&](const toml::node& node, auto& member) {
        const auto value = node.value<std::decay_t<decltype(member)>>();
        if (value) member = *value;
        return value.has_value();
    };
    for (const auto& [key, node] : table) {
        const auto name = key.str();
        const bool known = name == "printer_label"          ? take(node, settings.printer_label)
                           : name == "printer_invoice"      ? take(node, settings.printer_invoice)
                           : name == "printer_a4"           ? take(node, settings.printer_a4)
                           : name == "label_format"         ? take(node, settings.label_format)
                           : name == "label_size"           ? take(node, settings.label_size)
                           : name == "invoice_paper"        ? take(node, settings.invoice_paper) && is_paper(settings)
                           : name == "invoice_right"        ? take(node, settings.invoice_right)
                           : name == "invoice_down"         ? take(node, settings.invoice_down)
                           : name == "label_dpi"            ? take(node, settings.label_dpi)
                           : name == "couriers_file"        ? take(node, settings.couriers_file)
                           : name == "invoice_service_file" ? take(node, settings.invoice_service_file)
                           : name == "scan_to_pack"         ? take(node, settings.scan_to_pack)
                           : name == "sounds"               ? take(node, settings.sounds)
                                                            : false;
        if (!known) return refused(trf("设置文件 {} 里“{}”的值不对", file_of(home).string(), name));
    }
    SEALDESK_TRY(known_values(settings));
    return settings;
} catch (const toml::parse_error& error) {
    return refused(trf("设置文件第 {} 行写法不对：{}", error.source().begin.line, error.description()));
}

Result<> save_shipping_settings(const fs::path& home, const ShippingSettings& settings) {
    SEALDESK_TRY(known_values(settings));
    for (const auto use : {printing::Use::label, printing::Use::invoice, printing::Use::a4}) {
        if (settings.printer(use).empty()) continue;
        SEALDESK_LET(address, printing::parse_address(settings.printer(use)));
        const bool zpl = use == printing::Use::label && settings.label_format == "zpl";
        SEALDESK_TRY(printing::fits(address, zpl ? printing::Format::zpl : printing::Format::pdf));
    }
    toml::table table;
    table.insert("printer_label", settings.printer_label);
    table.insert("printer_invoice", settings.printer_invoice);
    table.insert("printer_a4", settings.printer_a4);
    table.insert("label_format", settings.label_format);
    table.insert("label_size", settings.label_size);
    table.insert("invoice_paper", settings.invoice_paper);
    table.insert("invoice_right", settings.invoice_right);
    table.insert("invoice_down", settings.invoice_down);
    table.insert("label_dpi", settings.label_dpi);
    table.insert("couriers_file", settings.couriers_file);
    table.insert("invoice_service_file", settings.invoice_service_file);
    table.insert("scan_to_pack", settings.scan_to_pack);
    table.insert("sounds", settings.sounds);
    std::ostringstream text;
    text << table << "\n";
    return write_file(file_of(home), text.str(), 0600);
}

}  // namespace sealdesk::desk
