#include "keys/leaving.h"

#include "base/translate.h"
#include "certificates/standing.h"
#include "keys/jobs_store.h"

namespace sealdesk::keys {

Result<std::string> why_it_stays(storage::Tx& tx, const std::string& serial) {
    const auto key = find_key(tx, serial);
    if (!key || key->state != KeyState::bound) return std::string();
    SEALDESK_LET(certificate, certificate_on(tx, *key));
    if (certificate && certificates::is_suspended(*certificate))
        return trf("KEY {} 的证书已停用，不能发出：恢复以后再发，或者先取出它", serial);
    if (certificate && certificate->state != "valid") return trf("KEY {} 的证书已吊销，不能发出：请取出它交给制证员", serial);
    if (nobody_has_its_pin(tx, *key))
        return trf(
            "KEY {} 的随机 PIN 还没有设好并抄下，不能发出：请制证员在 KEY 卡上用“初始 PIN”或“解锁”设置，再抄下或打印密码信封",
            serial);
    return std::string();
}

}  // namespace sealdesk::keys
