#include "panels/page_save.h"

#include <algorithm>

#include "base/translate.h"
#include "desk/saved_file.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

namespace {

// A file that is whole but of a kind that is not opened here.
bool only_saved(const scans::Refusal& refusal) {
    return refusal.code == "office" || refusal.code == "ofd" || refusal.code == "unsupported" || refusal.code == "not_a_package";
}

std::string size_words(std::uint64_t bytes) {
    if (bytes < 10240) return trf("{} 字节", bytes);
    if (bytes < std::uint64_t{10} << 20) return trf("{} KB", bytes / 1024);
    return trf("{} MB", bytes >> 20);
}

}  // namespace

void PageSave::clear() {
    saving_.clear();
    saved_.clear();
}

void PageSave::poll(desk::Desk& desk) {
    if (!saving_.arrived()) return;
    const Saved& saved = *saving_.ready();
    if (saved.path) {
        saved_[saved.entry] = *saved.path;
        kit::frame().toasts.show(trf("已保存到 {}", saved.path->string()), kit::Tone::green, 8);
    } else {
        kit::frame().toasts.show(saved.path.error().message, kit::Tone::red, 8);
    }
    desk.touch();
}

void PageSave::draw(desk::Desk& desk, const PagePackage& package, const scans::Refusal& refusal) {
    if (!only_saved(refusal)) return;
    const auto& entries = package.package()->entries;
    const int wanted = std::max(0, refusal.entry);  // the package itself is the file
    const auto entry =
        std::find_if(entries.begin(), entries.end(), [&](const scans::Entry& each) { return each.index == wanted; });
    if (entry == entries.end() || entry->sha256.empty()) return;
    const float margin = kit::px(8), width = ImGui::GetContentRegionAvail().x - 2 * margin;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::SetCursorScreenPos({at.x + margin, at.y});
    const auto saved = saved_.find(wanted);
    if (kit::button(ids::viewer_save(wanted + 1).c_str(), saved == saved_.end() ? tr("保存") : tr("再存"),
                    {.disabled_because = saving_.running() ? tr("正在保存…") : "", .width = width}))
        saving_.start(desk.jobs(), [&database = desk.database(), &box = desk.scanbox(), actor = *desk.actor,
                                    opened = package.package(), folder = desk::saved_folder(desk.settings()),
                                    wish = desk::SavedFile{package.subject()->order_no, package.subject()->revision, wanted}] {
            return Saved{wish.entry, desk::save_entry(database, actor, box, *opened, wish, folder)};
        });
    if (ImGui::IsItemHovered()) kit::tooltip(entry->name + "\n" + size_words(entry->size) + "\nSHA-256 " + entry->sha256);
    if (saved != saved_.end()) {
        ImGui::SetCursorScreenPos({at.x + margin, ImGui::GetCursorScreenPos().y + kit::px(2)});
        kit::FontScope font(kit::Size::note);
        const std::string words = trf("已保存：{}", saved->second.filename().string());
        const float high = kit::wrapped_height(words, width);
        kit::draw_text_wrapped(ImGui::GetWindowDrawList(), ImGui::GetCursorScreenPos(), width, kit::colour::viewer_text, words);
        ImGui::Dummy({width, high});
    }
    kit::gap(8);
}

}  // namespace sealdesk::panels
