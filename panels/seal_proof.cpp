#include "panels/seal_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

namespace {

constexpr const char* kDrawnPicture = "seal/drawn";
constexpr const char* kLiftedPicture = "seal/lifted";
constexpr const char* kScanPicture = "seal/scan";
constexpr double kProofDpi = 600;

struct Choice {
    const char* id;
    seals::SealShape shape;
    double width, height;  // mm
    std::string words() const {
        return shape == seals::SealShape::round ? trf("圆形 {:g}", width) : trf("椭圆 {:g}×{:g}", width, height);
    }
};
// The seals of units; those of persons are cut to any size.
constexpr Choice kUnitSeals[] = {{"round40", seals::SealShape::round, 40, 40},
                                 {"round42", seals::SealShape::round, 42, 42},
                                 {"oval40", seals::SealShape::oval, 40, 30},
                                 {"oval45", seals::SealShape::oval, 45, 30}};

// What fills up a person's name of two, three or five characters.
struct Ending {
    const char* id;
    const char* word;
    std::string words() const { return *word == '\0' ? std::string(tr("不补字")) : trf("补“{}”", word); }
};
constexpr Ending kEndings[] = {{"yin", "印"}, {"zhang", "章"}, {"none", ""}};

// As far as a scanner tells.
bool same_length(double measured, double mm) {
    constexpr double kScanner = 0.04;
    return std::abs(measured / mm - 1) < kScanner;
}

// 0 when it is no whole number of millimetres: then the drawing says what is wanted.
double millimetres(const std::string& typed) {
    const std::string digits = trimmed(typed);
    int value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return read.ec == std::errc{} && read.ptr == digits.data() + digits.size() ? value : 0;
}

void show(const char* key, const seals::Impression& impression) {
    auto* pictures = kit::frame().pictures;
    if (!pictures) return;
    std::vector<std::uint8_t> rgba;
    rgba.reserve(impression.ink.size() * 4);
    for (const auto ink : impression.ink)
        for (const auto part : {impression.colour.r, impression.colour.g, impression.colour.b, ink}) rgba.push_back(part);
    pictures->show(key, impression.width, impression.height, rgba);
}

// The part of the page around the seal, so that the eye compares like with like.
void show_scan(const char* key, const scans::Pixels& page, const seals::Lifted& seal) {
    auto* pictures = kit::frame().pictures;
    if (!pictures) return;
    const int margin = (seal.right - seal.left) / 12;
    const int left = std::max(0, seal.left - margin), right = std::min(page.width(), seal.right + margin),
              top = std::max(0, seal.top - margin), bottom = std::min(page.height(), seal.bottom + margin);
    std::vector<std::uint8_t> rgba;
    for (int y = top; y < bottom; ++y) {
        const auto row =
            page.rgba().subspan((static_cast<size_t>(y) * static_cast<size_t>(page.width()) + static_cast<size_t>(left)) * 4,
                                static_cast<size_t>(right - left) * 4);
        rgba.insert(rgba.end(), row.begin(), row.end());
    }
    pictures->show(key, right - left, bottom - top, rgba);
}

// `aspect`: height over width.
void draw_picture(const char* key, float side, double aspect, std::string_view caption) {
    kit::note(caption);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float wide = aspect > 1 ? side / static_cast<float>(aspect) : side, high = wide * static_cast<float>(aspect);
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled(from, {from.x + side, from.y + side}, kit::colour::white);
    draw->AddRect(from, {from.x + side, from.y + side}, kit::colour::line);
    auto* pictures = kit::frame().pictures;
    const ImTextureID texture = pictures ? pictures->find(key) : ImTextureID_Invalid;
    const float inset = kit::px(8), scale = (side - 2 * inset) / side;
    if (texture != ImTextureID_Invalid) {
        const ImVec2 middle{from.x + side / 2, from.y + side / 2}, half{wide * scale / 2, high * scale / 2};
        draw->AddImage(texture, {middle.x - half.x, middle.y - half.y}, {middle.x + half.x, middle.y + half.y});
    }
    ImGui::Dummy({side, side});
}

std::string sizes(const seals::SealPicture& picture, double dpi) {
    return trf("{}×{} 毫米，{:.0f} dpi，{} KB", picture.width, picture.height, dpi, (picture.data.size() + 1023) / 1024);
}

}  // namespace

void SealProof::open(const orders::Order& order, std::shared_ptr<const scans::Package> package, size_t page) {
    const bool same = order.no == order_no_ && order.current().revision == revision_ && order.subject.kind == subject_.kind &&
                      order.subject.name == subject_.name;
    if (same && (!package || package == package_)) return;
    *this = SealProof();
    order_no_ = order.no;
    revision_ = order.current().revision;
    subject_ = order.subject;
    package_ = std::move(package);
    if (package_) page_ = page;
}

seals::SealText SealProof::text() const {
    const bool unit = subject_.kind == orders::SubjectKind::unit;
    seals::SealText text = seals::seal_text(unit ? kUnitSeals[shape_].shape : seals::SealShape::square, subject_.name);
    text.width = unit ? kUnitSeals[shape_].width : millimetres(width_);
    text.height = unit ? kUnitSeals[shape_].height : millimetres(height_);
    if (unit) {
        text.centre = trimmed(centre_);
        text.number = upper_ascii(trimmed(number_));
    } else {
        text.ending = kEndings[ending_].word;
    }
    return text;
}

// What is looked for on the sheet: the seal as it is drawn; while nobody chose it, a unit's may have another shape as well, and a
// person's any size.
std::vector<desk::WantedSeal> SealProof::on_sheet() const {
    const bool unit = subject_.kind == orders::SubjectKind::unit;
    desk::WantedSeal seal{text(), unit || chosen_};
    // What stands below or across is on the sheet or not: it is not typed for the scan.
    seal.text.centre.clear();
    seal.text.number.clear();
    std::vector<desk::WantedSeal> list{seal};
    if (!unit || chosen_) return list;
    for (const Choice& other : kUnitSeals) {
        if (other.shape == kUnitSeals[shape_].shape) continue;
        seal.text.shape = other.shape, seal.text.width = other.width, seal.text.height = other.height;
        list.push_back(seal);
    }
    return list;
}

void SealProof::ask(desk::Desk& desk) {
    const seals::SealText wanted = text();
    const std::string size = fmt::format("{} {:g}×{:g}", name_of(wanted.shape), wanted.width, wanted.height);
    const std::string key = wanted.name + "\n" + wanted.centre + "\n" + wanted.number + "\n" + wanted.ending + "\n" + size;
    if (key != asked_text_ && !drawing_.running()) {
        asked_text_ = key;
        drawing_.start(desk.jobs(), [wanted]() -> Result<Drawn> {
            SEALDESK_LET(press, desk::SealPress::open());
            SEALDESK_LET(drawing, press.draw(wanted));
            SEALDESK_LET(impression, press.print(drawing, kProofDpi));
            SEALDESK_LET(picture, seals::seal_picture(impression));
            return Drawn{std::move(impression), std::move(picture), seals::description_of(wanted)};
        });
    }
    // Until it is here: it may arrive whenever something did.
    const bool failed = sheet_.error() != nullptr && sheet_.error()->kind != ErrorKind::unavailable;
    if (!package_ && desk.actor && !failed &&
        sheet_.refresh(desk, order_no_,
                       [&database = desk.database(), actor = *desk.actor, &standards = desk.standards(),
                        &packages = desk.packages(), &box = desk.scanbox(),
                        no = order_no_] { return desk::impression_sheet(database, actor, standards, packages, box, no); }) &&
        sheet_.get()) {
        package_ = sheet_.get()->package;
        page_ = sheet_.get()->page;
    }
    if (package_ && page_ && !lifting_.running()) {
        auto any = on_sheet();
        std::string seal = fmt::format("{} {} {} {} {}", *page_, size, wanted.ending, any.front().sized, any.size());
        if (seal != asked_seal_) {
            asked_seal_ = std::move(seal);
            lifting_.start(desk.jobs(), [&box = desk.scanbox(), package = package_, page = *page_, any]() -> Result<Found> {
                SEALDESK_LET(found, desk::lift_from(box, *package, page, any));
                const seals::SealText as = any[found.as].text;
                return Found{std::move(found), as, package->pages[page].title};
            });
        }
    }
    accepted_.refresh(desk, order_no_, [&database = desk.database(), no = order_no_] {
        return database.read([&](storage::Tx& tx) -> Result<std::optional<seals::AcceptedPicture>> {
            SEALDESK_LET(accepted, seals::accepted_picture(tx, no));
            if (accepted) accepted->accepted_by = staff::person_of(tx, accepted->accepted_by);
            return accepted;
        });
    });
}

bool SealProof::take_answers(desk::Desk& desk) {
    if (drawing_.arrived() && *drawing_.ready()) show(kDrawnPicture, (*drawing_.ready())->impression);
    if (lifting_.arrived() && *lifting_.ready()) {
        const desk::LiftedFrom& from = (*lifting_.ready())->from;
        show(kLiftedPicture, from.seal.impression);
        show_scan(kScanPicture, from.page, from.seal);
        if (!chosen_) take_measured(**lifting_.ready());
    }
    if (!taking_.arrived()) return false;
    if (const auto& done = *taking_.ready(); done) {
        trouble_.clear();
        kit::frame().toasts.show(tr("印章图片已确认"), kit::Tone::green);
        desk.touch();
        return true;
    } else {
        trouble_.set(done.error());
    }
    return false;
}

// The drawing gets the shape and size of the seal on the sheet: a unit's those of the usual one that is as large.
void SealProof::take_measured(const Found& found) {
    const seals::Lifted& seal = found.from.seal;
    const double wide = seal.impression.width_mm(), high = seal.impression.height_mm();
    if (subject_.kind == orders::SubjectKind::person) {
        width_ = fmt::format("{:.0f}", wide);
        height_ = fmt::format("{:.0f}", high);
        return;
    }
    for (size_t i = 0; i < std::size(kUnitSeals); ++i)
        if (kUnitSeals[i].shape == found.as.shape && kUnitSeals[i].width == found.as.width) shape_ = i;
    if (seal.as_expected) return;
    for (size_t i = 0; i < std::size(kUnitSeals); ++i)
        if (kUnitSeals[i].shape == found.as.shape && same_length(wide, kUnitSeals[i].width) &&
            same_length(high, kUnitSeals[i].height))
            shape_ = i;
}

void SealProof::take(desk::Desk& desk, const seals::SealPicture& picture, seals::PictureSource source,
                     const std::string& description) {
    taking_.start(desk.jobs(), [&database = desk.database(), actor = *desk.actor, no = order_no_, picture, source, description] {
        return seals::accept_picture(database, actor, no, picture, source, description);
    });
}

// Nothing is taken before everything that there is to compare is on screen.
std::string SealProof::why_not(const desk::Desk& desk) {
    if (taking_.running()) return tr("正在保存…");
    if (sheet_.running() && sheet_.get() == nullptr) return tr("正在打开印模采样表…");
    if (lifting_.running()) return tr("正在提取…");
    if (!desk.actor || !staff::has(desk.actor->roles, staff::Role::officer)) return tr("只有制证员可以确认印章图片");
    return {};
}

bool SealProof::draw(desk::Desk& desk) {
    if (order_no_.empty()) {
        kit::empty_text(tr("请选择一个订单"));
        return false;
    }
    const bool taken = take_answers(desk);
    ask(desk);
    const std::string reason = why_not(desk);
    if (const Error* error = sheet_.error())
        kit::callout(trf("印模采样表没有打开：{}", error->message), "", kit::Tone::amber);
    else if (package_ && !page_)
        kit::note(tr("材料里没有认出印模采样表：请翻到盖有印模的一页，或按文字绘制"));
    else if (!package_ && sheet_.get() != nullptr)
        kit::callout(tr("材料包还没有下载到本机，收到后这里会显示印模采样表"), "", kit::Tone::amber);
    if (const auto* known = accepted_.get(); known && *known)
        kit::note(trf("已确认：{}，{}（{} {}）", seals::word_of((*known)->source), (*known)->description, (*known)->accepted_by,
                      date_time((*known)->accepted_at)),
                  kit::colour::green);
    trouble_.draw_beside();
    const float half = ImGui::GetContentRegionAvail().x / (package_ ? 2 : 1) - kit::px(8);
    kit::begin_pane("seal.proof.drawn", {half, 0}, kit::Ground::none, kit::px(12, 8));
    draw_drawn(desk, reason);
    kit::end_pane();
    if (package_) {
        ImGui::SameLine(0, kit::px(8));
        kit::begin_pane("seal.proof.lifted", {0, 0}, kit::Ground::none, kit::px(12, 8));
        draw_lifted(desk, reason);
        kit::end_pane();
    }
    trouble_.draw_dialog("seal.trouble");
    return taken;
}

void SealProof::draw_shapes(float width) {
    if (subject_.kind == orders::SubjectKind::unit) {
        for (size_t i = 0; i < std::size(kUnitSeals); ++i) {
            if (i > 0) ImGui::SameLine(0, kit::px(6));
            if (kit::tab(ids::with(ids::kSealShape, kUnitSeals[i].id).c_str(), kUnitSeals[i].words(), -1, shape_ == i))
                shape_ = i, chosen_ = true;
        }
        return kit::gap(4);
    }
    const float half = (width - kit::px(8)) / 2;
    ImGui::BeginGroup();
    chosen_ |= kit::labelled_input(ids::kSealWidth, tr("宽（毫米）"), &width_, {.width = half}).changed;
    ImGui::EndGroup();
    ImGui::SameLine(0, kit::px(8));
    ImGui::BeginGroup();
    chosen_ |= kit::labelled_input(ids::kSealHeight, tr("高（毫米）"), &height_, {.width = half}).changed;
    ImGui::EndGroup();
    for (size_t i = 0; i < std::size(kEndings); ++i) {
        if (i > 0) ImGui::SameLine(0, kit::px(6));
        if (kit::tab(ids::with(ids::kSealEnding, kEndings[i].id).c_str(), kEndings[i].words(), -1, ending_ == i)) ending_ = i;
    }
    kit::gap(4);
}

void SealProof::draw_drawn(desk::Desk& desk, const std::string& reason) {
    kit::section(tr("按文字绘制"));
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float side = std::min(kit::px(300), room.x);
    // On a low screen the picture gives way to what stands below it, the button above all.
    const bool unit = subject_.kind == orders::SubjectKind::unit;
    const float below = kit::px(unit ? 262 : 194), shown = std::clamp(room.y - below, std::min(kit::px(150), side), side);
    draw_shapes(side);
    auto* answer = drawing_.ready();
    if (answer != nullptr && *answer) {
        const auto& drawn = **answer;
        draw_picture(kDrawnPicture, shown, static_cast<double>(drawn.impression.height) / drawn.impression.width,
                     sizes(drawn.picture, drawn.impression.dpi));
    } else if (answer != nullptr) {
        kit::callout(answer->error().message, "", kit::Tone::red);
    } else {
        kit::note(tr("正在绘制…"));
    }
    if (unit) {
        kit::labelled_input(ids::kSealCentre, tr("星下文字"), &centre_, {.hint = tr("例如 合同专用章"), .width = side});
        kit::labelled_input(ids::kSealNumber, tr("下弧编号"), &number_, {.hint = tr("13 位印章编码"), .width = side});
    }
    const bool ready = answer != nullptr && *answer && !drawing_.running();
    // Beside the seal of the sheet it is not what Enter means.
    const bool beside = lifting_.ready() != nullptr && *lifting_.ready();
    if (kit::button(ids::kSealDrawn, tr("采用绘制的印章"),
                    {.tone = kit::Tone::green,
                     .key = beside ? ImGuiKeyChord(0) : ImGuiKey_Enter,
                     .disabled_because = ready ? std::string_view(reason) : tr("还没有绘制好")}))
        take(desk, (*answer)->picture, seals::PictureSource::drawn, (*answer)->description);
}

// A seal that is torn on one page may be whole on another, and not every sheet is known as one.
void SealProof::draw_pages() {
    const size_t count = package_->pages.size();
    if (count == 0 || (count == 1 && page_)) return;
    const bool first = page_ && *page_ == 0, last = page_ && *page_ + 1 == count;
    const auto before = page_;
    if (kit::button(ids::kSealPageBack, tr("上一页"),
                    {.key = ImGuiKey_LeftArrow, .disabled_because = first ? tr("这是第一页") : ""}))
        page_ = before.value_or(count) - 1;
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::kSealPageOn, tr("下一页"),
                    {.key = ImGuiKey_RightArrow, .disabled_because = last ? tr("这是最后一页") : ""}))
        page_ = before ? *before + 1 : 0;
    ImGui::SameLine(0, kit::px(12));
    kit::note_beside(
        before ? trf("第 {} 页，共 {} 页：{}", *before + 1, count, package_->pages[*before].title) : trf("共 {} 页", count),
        kit::px(38));
    kit::gap(4);
}

void SealProof::draw_lifted(desk::Desk& desk, const std::string& reason) {
    kit::section(tr("取自印模扫描件"));
    draw_pages();
    if (!page_) return;
    auto* answer = lifting_.ready();
    if (answer == nullptr) return kit::note(tr("正在提取…"));
    if (!*answer) return kit::callout(answer->error().message, "", kit::Tone::red);
    const auto& found = **answer;
    const seals::Lifted& seal = found.from.seal;
    const float side = std::min(kit::px(300), (ImGui::GetContentRegionAvail().x - kit::px(12)) / 2);
    const double aspect = static_cast<double>(seal.impression.height) / seal.impression.width;
    // The scan as it lay there: of an oval on its side the other way round.
    const double scanned = static_cast<double>(seal.bottom - seal.top) / std::max(1, seal.right - seal.left);
    ImGui::BeginGroup();
    draw_picture(kScanPicture, side, scanned, found.title);
    ImGui::EndGroup();
    ImGui::SameLine(0, kit::px(12));
    ImGui::BeginGroup();
    draw_picture(kLiftedPicture, side, aspect, sizes(found.from.picture, seal.impression.dpi));
    ImGui::EndGroup();
    kit::note(trf("转正 {:.1f} 度，边框完整 {:.0f}%", seal.turned, seal.whole * 100));
    for (const auto& doubt : seal.doubts) kit::callout(doubt, "", kit::Tone::amber);
    if (kit::button(ids::kSealLifted, tr("采用扫描的印章"),
                    {.tone = kit::Tone::green, .key = ImGuiKey_L, .disabled_because = reason}))
        take(desk, found.from.picture, seals::PictureSource::lifted,
             trf("{}，{}×{} 毫米", found.title, found.from.picture.width, found.from.picture.height));
}

}  // namespace sealdesk::panels
