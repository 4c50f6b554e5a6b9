#include "panels/audit_words.h"

#include <string_view>

#include "base/translate.h"

namespace sealdesk::panels {

std::string audit_word(const std::string& action) {
    const struct {
        std::string_view action;
        const char* word;
    } words[] = {
        {"order.paid", tr("收到已支付订单")},
        {"order.resubmitted", tr("收到重新提交")},
        {"order.refunded", tr("退款")},
        {"order.refund_after_writing", tr("写 KEY 后退款")},
        {"order.issued", tr("制证完成")},
        {"review.claim", tr("领取")},
        {"review.take_over", tr("接手")},
        {"review.release", tr("放回")},
        {"review.approve", tr("审核通过")},
        {"review.reject", tr("审核不通过")},
        {"review.undo", tr("撤销审核结论")},
        {"checks.run", tr("核对")},
        {"checks.override", tr("说明核对结果")},
        {"checks.withdraw", tr("收回说明")},
        {"scans.open", tr("打开材料")},
        {"key.in_stock", tr("KEY 入库")},
        {"key.allocate", tr("分配 KEY")},
        {"key.bind", tr("绑定激活")},
        {"seal.accept", tr("确认印章图片")},
        {"seal.make", tr("制作印章")},
        {"seal.withdraw", tr("收回印章")},
        {"certificate.revoke", tr("吊销证书")},
        {"certificate.nothing_to_revoke", tr("没有可吊销的证书")},
        {"invoice.issue", tr("开票")},
        {"shipping.pack", tr("打包")},
        {"shipping.print", tr("打印面单")},
        {"shipping.hand_over", tr("交寄")},
        {"feed.fault", tr("同步的事件有误")},
        {"feed.settle", tr("处理有误的事件")},
        {"staff.add", tr("添加人员")},
        {"staff.sign_in", tr("登录")},
        {"staff.sign_in_refused", tr("登录被拒绝")},
        {"staff.sign_in_locked", tr("登录被锁定")},
        {"staff.sign_out", tr("退出")},
    };
    for (const auto& each : words)
        if (each.action == action) return each.word;
    return action;
}

}  // namespace sealdesk::panels
