#include "keys/key_state.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/translate.h"

namespace sealdesk::keys {

namespace {

using enum KeyState;

constexpr std::array<const char*, kKeyStates> kNames{"blank", "allocated", "written",  "verified",
                                                     "bound", "shipped",   "scrapped", "returned"};

// A KEY that will not reach its applicant (refunded, given up) is kept as returned until it is erased.
constexpr std::pair<KeyState, KeyState> kMovements[] = {
    {blank, allocated},  {allocated, written},  {written, verified},   {verified, bound},    {bound, shipped},
    {shipped, returned}, {allocated, returned}, {written, returned},   {verified, returned}, {bound, returned},
    {returned, blank},   {blank, scrapped},     {allocated, scrapped}, {written, scrapped},  {verified, scrapped},
    {bound, scrapped},   {shipped, scrapped},   {returned, scrapped},
};

}  // namespace

const char* name_of(KeyState state) { return kNames.at(static_cast<size_t>(state)); }

const char* word_of(KeyState state) {
    switch (state) {
        case blank: return tr("空白");
        case allocated: return tr("已分配");
        case written: return tr("已写入");
        case verified: return tr("已验证");
        case bound: return tr("已绑定");
        case shipped: return tr("已发出");
        case scrapped: return tr("已报废");
        case returned: return tr("已收回");
    }
    return "";
}

std::optional<KeyState> parse_key_state(std::string_view name) {
    const auto at = std::find(kNames.begin(), kNames.end(), name);
    if (at == kNames.end()) return std::nullopt;
    return static_cast<KeyState>(at - kNames.begin());
}

bool may_become(std::optional<KeyState> from, KeyState to) {
    if (!from) return to == blank;
    return std::find(std::begin(kMovements), std::end(kMovements), std::pair(*from, to)) != std::end(kMovements);
}

Result<> check_movement(std::string_view serial, std::optional<KeyState> from, KeyState to) {
    if (may_become(from, to)) return {};
    return fail(ErrorKind::conflict,
                trf("KEY {} 现在是“{}”，不能变为“{}”", serial, from ? word_of(*from) : tr("不在库存"), word_of(to)));
}

}  // namespace sealdesk::keys
