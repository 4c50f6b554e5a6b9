// The words of the invoice room: how invoices and requests stand, and why one is reversed.
#include "base/words.h"

#include "base/translate.h"
#include "invoices/ledger.h"
#include "invoices/requests.h"

namespace sealdesk::invoices {

namespace {

constexpr std::array<Word<Standing>, 4> kStandings{{{Standing::live, "live", "有效"},
                                                    {Standing::voided, "voided", "已作废"},
                                                    {Standing::reversed, "reversed", "已红冲"},
                                                    {Standing::red, "red", "红字"}}};

constexpr std::array<Word<RedReason>, 4> kReasons{{{RedReason::mistake, "01", "开票有误"},
                                                   {RedReason::returned, "02", "销货退回"},
                                                   {RedReason::ended, "03", "服务终止"},
                                                   {RedReason::allowance, "04", "销售折让"}}};

constexpr std::array<Word<RequestState>, 8> kStates{{{RequestState::asking, "asking", "正在提交"},
                                                     {RequestState::waiting, "waiting", "正在开票"},
                                                     {RequestState::confirming, "confirming", "等购买方确认"},
                                                     {RequestState::failed, "failed", "没有开出"},
                                                     {RequestState::lapsed, "lapsed", "确认单已失效"},
                                                     {RequestState::fetching, "fetching", "正在取文件"},
                                                     {RequestState::issued, "issued", "已开出"},
                                                     {RequestState::dropped, "dropped", "已放弃"}}};

}  // namespace

const char* name_of(Standing standing) { return entry_of(kStandings, standing).name; }
const char* word_of(Standing standing) { return tr(entry_of(kStandings, standing).words); }
Standing standing_of(const std::string& name) { return value_of(kStandings, name).value_or(Standing::live); }

const char* code_of(RedReason reason) { return entry_of(kReasons, reason).name; }
const char* word_of(RedReason reason) { return tr(entry_of(kReasons, reason).words); }
std::string printed(RedReason reason) { return std::string(code_of(reason)) + " " + entry_of(kReasons, reason).words; }
std::optional<RedReason> red_reason_of(const std::string& code) { return value_of(kReasons, code); }

const char* name_of(RequestState state) { return entry_of(kStates, state).name; }
const char* word_of(RequestState state) { return tr(entry_of(kStates, state).words); }
RequestState request_state_of(const std::string& name) { return value_of(kStates, name).value_or(RequestState::failed); }

}  // namespace sealdesk::invoices
