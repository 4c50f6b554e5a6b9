#include "desk/settings.h"

#include <toml++/toml.h>

#include <functional>
#include <map>
#include <sstream>

#include "base/files.h"
#include "crypto/pem.h"
#include "printing/printer.h"
#include "review/working_time.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

namespace {

// One line a setting: how it is read and how it is written.
struct Entry {
    std::function<bool(Settings&, const toml::node&)> read;
    std::function<void(const Settings&, toml::table&, const std::string&)> write;
};

template <class T>
Entry plain(T Settings::*member) {
    return {[member](Settings& s, const toml::node& node) {
                const auto value = node.value<T>();
                if (value) s.*member = *value;
                return value.has_value();
            },
            [member](const Settings& s, toml::table& table, const std::string& name) { table.insert(name, s.*member); }};
}
Entry path(fs::path Settings::*member) {
    return {
        [member](Settings& s, const toml::node& node) {
            const auto value = node.value<std::string>();
            if (value && !value->empty()) s.*member = s.home / *value;
            return value.has_value();
        },
        [member](const Settings& s, toml::table& table, const std::string& name) { table.insert(name, (s.*member).string()); }};
}
Entry within(std::int64_t Settings::*member, std::int64_t least, std::int64_t most) {
    Entry entry = plain(member);
    entry.read = [member, least, most](Settings& s, const toml::node& node) {
        const auto value = node.value<std::int64_t>();
        if (value) s.*member = *value;
        return value && *value >= least && *value <= most;
    };
    return entry;
}
Entry seconds(std::int64_t Settings::*member) {
    return {
        [member](Settings& s, const toml::node& node) {
            const auto value = node.value<std::int64_t>();
            if (!value || *value < 0 || *value > 86400) return false;
            s.*member = *value * kSecond;
            return true;
        },
        [member](const Settings& s, toml::table& table, const std::string& name) { table.insert(name, s.*member / kSecond); }};
}

Entry checked(std::string Settings::*member, bool (*good)(const std::string&)) {
    Entry entry = plain(member);
    entry.read = [member, good](Settings& s, const toml::node& node) {
        const auto value = node.value<std::string>();
        if (value) s.*member = *value;
        return value && good(*value);
    };
    return entry;
}

// Of working time: at most a month of it.
Entry minutes(std::int64_t Settings::*member) {
    return {
        [member](Settings& s, const toml::node& node) {
            const auto value = node.value<std::int64_t>();
            if (!value || *value < 0 || *value > 15000) return false;
            s.*member = *value * kMinute;
            return true;
        },
        [member](const Settings& s, toml::table& table, const std::string& name) { table.insert(name, s.*member / kMinute); }};
}

const std::map<std::string, Entry>& entries() {
    static const std::map<std::string, Entry> all{
        {"database", plain(&Settings::database)},
        {"language",
         {[](Settings& s, const toml::node& node) {
              const auto value = node.value<std::string>();
              if (value != "zh_CN" && value != "en") return false;
              s.language = value == "en" ? Language::en : Language::zh_CN;
              return true;
          },
          [](const Settings& s, toml::table& table, const std::string& name) {
              table.insert(name, s.language == Language::en ? "en" : "zh_CN");
          }}},
        {"centre", plain(&Settings::centre)},
        {"centre_tax_number", plain(&Settings::centre_tax_number)},
        {"centre_address", plain(&Settings::centre_address)},
        {"centre_mobile", plain(&Settings::centre_mobile)},
        {"portal", plain(&Settings::portal)},
        {"portal_ca", path(&Settings::portal_ca)},
        {"portal_token_file", path(&Settings::portal_token_file)},
        {"portal_certificate", path(&Settings::portal_certificate)},
        {"portal_key", path(&Settings::portal_key)},
        {"pkcs11_module", path(&Settings::pkcs11_module)},
        {"soft_keys", path(&Settings::soft_keys)},
        {"authority", path(&Settings::authority)},
        {"passphrase_file", path(&Settings::passphrase_file)},
        {"authority_token", plain(&Settings::authority_token)},
        {"issuer_pin_file", path(&Settings::issuer_pin_file)},
        {"crl_url", plain(&Settings::crl_url)},
        {"crl_days", within(&Settings::crl_days, 1, 60)},
        {"crl_file", path(&Settings::crl_file)},
        {"cmp_url", plain(&Settings::cmp_url)},
        {"cmp_ca", path(&Settings::cmp_ca)},
        {"cmp_trusted", path(&Settings::cmp_trusted)},
        {"cmp_recipient", plain(&Settings::cmp_recipient)},
        {"cmp_reference", plain(&Settings::cmp_reference)},
        {"cmp_secret_file", path(&Settings::cmp_secret_file)},
        {"cmp_certificate", path(&Settings::cmp_certificate)},
        {"cmp_key", path(&Settings::cmp_key)},
        {"cmp_key_passphrase_file", path(&Settings::cmp_key_passphrase_file)},
        {"cmp_signer", path(&Settings::cmp_signer)},
        {"cmp_patience_seconds", seconds(&Settings::cmp_patience_ms)},
        {"cmp_issues", plain(&Settings::cmp_issues)},
        {"key_algorithm", checked(&Settings::key_algorithm,
                                  [](const std::string& word) { return word.empty() || crypto::parse_algorithm(word); })},
        {"write_seals", plain(&Settings::write_seals)},
        {"pin_letter",
         checked(&Settings::pin_letter, [](const std::string& word) { return word == "screen" || word == "paper"; })},
        {"pin_printer", checked(&Settings::pin_printer,
                                [](const std::string& text) {
                                    const auto address = printing::parse_address(text);
                                    return text.empty() || (address && !address->raw);  // a letter is followed until it is out
                                })},
        {"random_pin", plain(&Settings::random_pin)},
        {"low_key_stock", plain(&Settings::low_key_stock)},
        {"undo_seconds", seconds(&Settings::undo_ms)},
        {"lease_seconds", seconds(&Settings::lease_ms)},
        {"lock_after_seconds", seconds(&Settings::lock_after_ms)},
        {"maker_is_not_checker", plain(&Settings::maker_is_not_checker)},
        {"read_pages", plain(&Settings::read_pages)},
        {"working_days",
         checked(&Settings::working_days,
                 [](const std::string& days) { return review::WorkingTime::make(days, "09:00-17:00").has_value(); })},
        {"working_hours", checked(&Settings::working_hours,
                                  [](const std::string& hours) { return review::WorkingTime::make("1-5", hours).has_value(); })},
        {"overdue_minutes", minutes(&Settings::overdue_ms)},
        {"return_minutes", minutes(&Settings::return_ms)},
    };
    return all;
}

}  // namespace

Result<Settings> load_settings(const fs::path& home) try {
    Settings settings;
    settings.home = fs::absolute(home);
    settings.database = settings.home / "desk.sqlite";
    const fs::path file = settings.home / "settings.toml";
    if (!fs::exists(file)) return settings;
    SEALDESK_LET(text, read_file(file, size_t{1} << 20));
    const toml::table table = toml::parse(text);
    for (const auto& [name, node] : table) {
        const auto entry = entries().find(std::string(name.str()));
        if (entry == entries().end()) return refused(trf("设置文件 {} 里不认识“{}”", file.string(), name.str()));
        if (!entry->second.read(settings, node)) return refused(trf("设置文件 {} 里“{}”的值不对", file.string(), name.str()));
    }
    return settings;
} catch (const toml::parse_error& error) {
    return refused(trf("设置文件第 {} 行写法不对：{}", error.source().begin.line, error.description()));
} catch (const fs::filesystem_error& error) {
    return fail(ErrorKind::unavailable, trf("打不开数据文件夹 {}", home.string()), error.what());
}

std::string settings_text(const Settings& settings) {
    toml::table table;
    for (const auto& [name, entry] : entries()) entry.write(settings, table, name);
    std::ostringstream text;
    text << table << "\n";
    return text.str();
}

Result<Places> find_places() try {
    Places places;
    places.executable = fs::read_symlink("/proc/self/exe");
    const fs::path bin = places.executable.parent_path();
    places.scanbox = bin / "sealdesk-scanbox";
    places.reader = bin / "sealdesk-ocr";
    places.portal = bin / "sealdesk-portal";
    places.scan_maker = bin / "sealdesk-scanmaker";
    places.translations = bin.parent_path() / "share/locale";
    for (fs::path up = bin; up.has_relative_path(); up = up.parent_path()) {
        if (!fs::exists(up / "data/migrations")) continue;
        places.data = up / "data";
        return places;
    }
    places.data = bin.parent_path() / "share/sealdesk/data";
    if (!fs::exists(places.data))
        return fail(ErrorKind::unavailable, trf("找不到程序自带的 data 文件夹（从 {} 向上找过）", bin.string()));
    return places;
} catch (const fs::filesystem_error& error) {
    return fail(ErrorKind::unavailable, tr("找不到程序自带的文件"), error.what());
}

}  // namespace sealdesk::desk
