#include "portal/acts.h"

#include <algorithm>
#include <array>

#include "base/translate.h"
#include "crypto/digest.h"
#include "portal/rows.h"

namespace sealdesk::portal {

using nlohmann::json;
using orders::State;
using storage::Tx;

namespace {

constexpr std::array<std::string_view, 9> kKinds{"approved", "rejected", "issued",    "bound",  "invoiced",
                                                 "shipped",  "revoked",  "suspended", "resumed"};

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (i == 8 || i == 13 || i == 18 || i == 23 ? c != '-' : !hex) return false;
    }
    return true;
}

constexpr size_t kMostReasons = 60, kLongestText = 4000, kLongestTitle = 400, kMostPictures = 8;  // bytes
constexpr size_t kMostPictureBytes = size_t{256} << 10;
constexpr std::uint32_t kMostPictureSide = 4000;  // px

// The applicant's browser is handed a small PNG and nothing else.
bool is_small_png(const json& in) {
    if (!in.is_string() || in.get_ref<const std::string&>().size() > kMostPictureBytes / 3 * 4 + 4) return false;
    const auto bytes = crypto::from_base64(in.get_ref<const std::string&>());
    constexpr std::string_view kStart("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", 16), kEnd("\0\0\0\0IEND\xae\x42\x60\x82", 12);
    if (!bytes || bytes->size() > kMostPictureBytes || bytes->size() < 45 || !bytes->starts_with(kStart) ||
        !bytes->ends_with(kEnd))
        return false;
    const auto number = [&](size_t at) {
        std::uint32_t value = 0;
        for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<std::uint8_t>((*bytes)[i]);
        return value;
    };
    const auto side = [](std::uint32_t px) { return px >= 1 && px <= kMostPictureSide; };
    return side(number(16)) && side(number(20));
}

bool is_text(const json& in, const char* field, size_t most) {
    return in[field].is_string() && !in[field].get_ref<const std::string&>().empty() &&
           in[field].get_ref<const std::string&>().size() <= most;
}

// A reason is {"code": "…", "text": "…"}, with "item", "title" and "picture" when it is about one paper; text, title and
// picture are what the applicant sees.
bool is_reason(const json& reason) {
    return reason.is_object() && reason.contains("text") && is_text(reason, "text", kLongestText) &&
           (!reason.contains("title") || is_text(reason, "title", kLongestTitle)) &&
           (!reason.contains("item") || is_text(reason, "item", kLongestTitle)) &&
           (!reason.contains("picture") || is_small_png(reason["picture"]));
}

std::optional<std::string> text_of(const json& body, const char* field) {
    if (!body.contains(field) || !body[field].is_string() || body[field].get_ref<const std::string&>().empty())
        return std::nullopt;
    return body[field].get<std::string>();
}

// What the applicant reads after a rejection: the canned reasons, then what the reviewer wrote.
json told_reasons(const json& body) {
    json reasons = body.value("reasons", json::array());
    if (const auto note = text_of(body, "note")) reasons.push_back({{"code", "note"}, {"text", *note}});
    return reasons;
}

// What the act makes of the order; nothing when the order is not in a state for it.
std::optional<State> state_after(State state, const std::string& kind) {
    const auto only_from = [&](std::initializer_list<State> from, State to) -> std::optional<State> {
        if (std::find(from.begin(), from.end(), state) == from.end()) return std::nullopt;
        return to;
    };
    if (kind == "approved") return only_from({State::paid}, State::approved);
    if (kind == "rejected") return only_from({State::paid}, State::rejected);
    if (kind == "issued") return only_from({State::approved, State::issued}, State::issued);  // one act for each KEY
    if (kind == "bound") return only_from({State::approved, State::issued, State::completed}, state);
    if (kind == "shipped") return only_from({State::issued}, State::completed);  // the portal does not know who packed
    // What became of a KEY afterwards; also when the order was refunded meanwhile.
    if (kind == "revoked" || kind == "suspended" || kind == "resumed")
        return state == State::paid || state == State::rejected ? std::nullopt : std::optional(state);
    return state == State::refunded ? std::nullopt : std::optional(state);  // invoiced
}

}  // namespace

Result<Act> act_from_json(const std::string& uuid, const json& in) {
    if (!is_uuid(uuid)) return refused(tr("操作编号不是 UUID"));
    if (!in.is_object()) return refused(tr("操作不是 JSON 对象"));
    const auto text = [&](const char* field) { return in.contains(field) && in[field].is_string(); };
    if (!text("order_no") || !text("kind")) return refused(tr("操作缺少 order_no 或 kind"));
    if (!in.contains("revision") || !in["revision"].is_number_integer() || in["revision"] < 1 || in["revision"] > 10000)
        return refused(tr("操作缺少 revision，或它不是 1 以上的整数"));
    Act act{uuid, in["order_no"], in["revision"], in["kind"], in.value("body", json::object())};
    if (std::find(kKinds.begin(), kKinds.end(), act.kind) == kKinds.end()) return refused(trf("不认识的操作 {}", act.kind));
    if (!act.body.is_object()) return refused(tr("操作的 body 不是 JSON 对象"));
    if (act.kind == "rejected") {
        const json reasons = act.body.value("reasons", json::array());
        if (!reasons.is_array() || !std::all_of(reasons.begin(), reasons.end(), is_reason) || told_reasons(act.body).empty())
            return refused(tr("退回订单必须有原因或说明，每个原因要有文字，截图要是 256 KB 以内的 PNG"));
        const auto pictures =
            std::count_if(reasons.begin(), reasons.end(), [](const json& reason) { return reason.contains("picture"); });
        if (reasons.size() > kMostReasons || pictures > static_cast<std::ptrdiff_t>(kMostPictures))
            return refused(trf("退回的原因最多 {} 条，截图最多 {} 张", kMostReasons, kMostPictures));
    }
    if (act.kind == "shipped" && !text_of(act.body, "waybill") && text_of(act.body, "method") != "pickup")
        return refused(tr("发货必须有快递单号，自取的除外"));
    return act;
}

Result<ActAnswer> apply_act(storage::Database& database, const Act& act, const std::string& desk) {
    return database.write([&](Tx& tx) -> Result<ActAnswer> {
        auto row = read_row(tx, act.order_no);
        if (!row) return refused(trf("没有订单 {}", act.order_no));
        const auto moved_on = [&](std::string sentence) {
            return ActAnswer{Outcome::moved_on, std::move(sentence), to_json(*row)};
        };
        const std::string body = act.body.dump();

        std::string known_order, known_kind, known_body;
        int known_revision = 0;
        tx.sql << "SELECT order_no, revision, kind, body FROM acts WHERE uuid = :uuid", soci::into(known_order),
            soci::into(known_revision), soci::into(known_kind), soci::into(known_body), soci::use(act.uuid);
        if (tx.sql.got_data()) {
            if (known_order == act.order_no && known_revision == act.revision && known_kind == act.kind && known_body == body)
                return ActAnswer{Outcome::before, {}, to_json(*row)};
            return moved_on(tr("这个操作编号已用于另一项操作"));
        }

        if (act.revision != row->revision)
            return moved_on(trf("订单的材料现在是第 {} 次提交，操作针对的是第 {} 次", row->revision, act.revision));
        const auto next = state_after(row->state, act.kind);
        if (!next) return moved_on(trf("订单现在是“{}”，不能做 {}", orders::word_of(row->state), act.kind));
        if (act.kind == "rejected") row->reasons = told_reasons(act.body).dump();
        if (act.kind == "approved") row->reasons = "[]";
        if (act.kind == "shipped") row->waybill = text_of(act.body, "waybill").value_or("");
        row->state = *next;
        update_row(tx, *row);
        tx.sql
            << "INSERT INTO acts (uuid, order_no, revision, kind, body, desk, applied_at) VALUES (:uuid, :order_no, :revision, "
               ":kind, :body, :desk, :at)",
            soci::use(act.uuid), soci::use(act.order_no), soci::use(act.revision), soci::use(act.kind), soci::use(body),
            soci::use(desk), soci::use(tx.now.ms);
        return ActAnswer{Outcome::applied, {}, to_json(*row)};
    });
}

}  // namespace sealdesk::portal
