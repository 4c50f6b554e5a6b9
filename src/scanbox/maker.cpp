#include "scanbox/maker.h"

#include <archive.h>
#include <archive_entry.h>
#include <unicode/ucnv.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vips/vips8>

#include "base/files.h"
#include "base/translate.h"
#include "scanbox/paper.h"
#include "scanbox/utf8_locale.h"

namespace sealdesk::scanbox {

namespace {

using nlohmann::json;

Sheet sheet_from(const json& value) {
    Sheet sheet;
    sheet.form = value.at("template");
    if (value.contains("fields"))
        for (const auto& [key, field] : value.at("fields").items())
            sheet.fields[key] = field.is_string() ? field.get<std::string>() : field.dump();
    sheet.seal = value.value("seal", "");
    sheet.skew = value.value("skew", sheet.skew);
    sheet.noise = value.value("noise", sheet.noise);
    sheet.blur = value.value("blur", sheet.blur);
    sheet.dpi = value.value("dpi", sheet.dpi);
    sheet.seed = value.value("seed", static_cast<std::uint32_t>(std::hash<std::string>{}(value.dump())));
    return sheet;
}

MadeFile file_from(const json& value) {
    MadeFile file;
    file.as = value.value("as", file.as);
    file.name = value.value("file", value.value("template", "page") + "." + (file.as == "jpeg" ? "jpg" : file.as));
    if (value.contains("pages"))
        for (const auto& page : value.at("pages")) file.sheets.push_back(sheet_from(page));
    else
        file.sheets.push_back(sheet_from(value));
    return file;
}

std::string gbk(const std::string& text) {
    UErrorCode error = U_ZERO_ERROR;
    std::string bytes(text.size() * 2 + 4, '\0');
    const auto size = ucnv_convert("GB18030", "UTF-8", bytes.data(), static_cast<int32_t>(bytes.size()), text.data(),
                                   static_cast<int32_t>(text.size()), &error);
    bytes.resize(U_SUCCESS(error) ? static_cast<size_t>(size) : 0);
    return bytes;
}

Result<std::string> file_bytes(const MadeFile& file, const std::filesystem::path& forms) {
    if (file.sheets.empty()) return refused(trf("文件 {} 没有页面", file.name));
    if (file.as == "pdf") return draw_pdf(file.sheets, forms);
    if (file.as == "tiff") return draw_tiff(file.sheets, forms);
    if (file.as != "jpeg" && file.as != "png") return refused(trf("不认识的页面格式 {}", file.as));
    return draw(file.sheets.front(), forms, file.as);
}

struct NamedBytes {
    std::string name, bytes;
};

Result<std::string> packed(const std::vector<NamedBytes>& files, const MadePackage& package) {
    // In the C locale the ZIP writer takes names as raw bytes and sets no flag; in a UTF-8 locale it sets the flag.
    const bool raw = package.names == "gbk" && package.format == "zip";
    std::optional<Utf8Locale> locale;
    if (!raw) locale.emplace();
    std::string bytes;
    const std::unique_ptr<archive, decltype(&archive_write_free)> writer(archive_write_new(), archive_write_free);
    int status =
        package.format == "7z" ? archive_write_set_format_7zip(writer.get()) : archive_write_set_format_zip(writer.get());
    // Scans are compressed already.
    if (status == ARCHIVE_OK)
        status = archive_write_set_format_option(writer.get(), package.format == "7z" ? "7zip" : "zip", "compression",
                                                 package.format == "7z" ? "copy" : "store");
    archive_write_set_bytes_per_block(writer.get(), 0);
    if (status == ARCHIVE_OK)
        status = archive_write_open(
            writer.get(), &bytes, nullptr,
            [](archive*, void* closure, const void* block, size_t size) -> la_ssize_t {
                static_cast<std::string*>(closure)->append(static_cast<const char*>(block), size);
                return static_cast<la_ssize_t>(size);
            },
            nullptr);
    for (const auto& file : files) {
        if (status < ARCHIVE_WARN) break;
        const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), archive_entry_free);
        archive_entry_set_pathname(entry.get(), raw ? gbk(file.name).c_str() : file.name.c_str());
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.bytes.size()));
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        archive_entry_set_mtime(entry.get(), 1'763'600'000, 0);
        status = archive_write_header(writer.get(), entry.get());
        if (status >= ARCHIVE_WARN && archive_write_data(writer.get(), file.bytes.data(), file.bytes.size()) < 0)
            status = ARCHIVE_FATAL;
    }
    if (status >= ARCHIVE_WARN) status = archive_write_close(writer.get());
    if (status < ARCHIVE_WARN) {
        const char* words = archive_error_string(writer.get());
        return fail(ErrorKind::internal, tr("无法写出压缩包"), words == nullptr ? "" : words);
    }
    return bytes;
}

}  // namespace

bool start_drawing() {
    if (vips_init("sealdesk-scanmaker") != 0) return false;
    vips_concurrency_set(1);  // packages are made side by side, each on its own thread
    vips_cache_set_max(0);
    return true;
}

Result<std::vector<MadePackage>> read_recipe(std::string_view text, const std::filesystem::path& folder) {
    std::vector<MadePackage> packages;
    try {
        const auto recipe = json::parse(text);
        for (const auto& value : recipe.at("packages")) {
            MadePackage package;
            package.out = folder / value.at("out").get<std::string>();
            package.format = value.value("format", package.format);
            package.names = value.value("names", package.names);
            for (const auto& page : value.at("pages")) package.files.push_back(file_from(page));
            packages.push_back(std::move(package));
        }
    } catch (const json::exception& error) {
        return fail(ErrorKind::refused, trf("配方第 {} 个材料包写得不对", packages.size() + 1), error.what());
    }
    return packages;
}

Result<> make_package(const MadePackage& package, const std::filesystem::path& forms) {
    const auto write = [&](const Result<std::string>& bytes) -> Result<> {
        if (!bytes) return tl::unexpected(bytes.error());
        SEALDESK_TRY(make_folder(package.out.parent_path()));
        return write_file(package.out, *bytes);
    };
    if (package.format == "zip" || package.format == "7z") {
        std::vector<NamedBytes> files;
        for (const auto& file : package.files) {
            SEALDESK_LET(bytes, file_bytes(file, forms));
            files.push_back({file.name, std::move(bytes)});
        }
        return write(packed(files, package));
    }
    MadeFile whole;
    whole.as = package.format;
    for (const auto& file : package.files) whole.sheets.insert(whole.sheets.end(), file.sheets.begin(), file.sheets.end());
    return write(file_bytes(whole, forms));
}

}  // namespace sealdesk::scanbox
