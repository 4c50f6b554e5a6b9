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
        {"review.batch", tr("批量审核时打开")},
        {"checks.run", tr("核对")},
        {"checks.override", tr("说明核对结果")},
        {"checks.withdraw", tr("收回说明")},
        {"scans.open", tr("打开材料")},
        {"scans.save", tr("保存材料中的文件")},
        {"key.in_stock", tr("KEY 入库")},
        {"key.box_in", tr("整盒入库")},
        {"key.scrap", tr("KEY 报废")},
        {"key.ledger_wrong", tr("KEY 台账不符")},
        {"key.lost", tr("KEY 遗失")},
        {"key.damaged", tr("KEY 损坏")},
        {"key.returned", tr("KEY 退回")},
        {"key.suspended", tr("KEY 停用")},
        {"key.resumed", tr("KEY 恢复")},
        {"key.erase", tr("清除 KEY")},
        {"authority.unlock", tr("打开 CA 密钥")},
        {"authority.unlock_failed", tr("CA 密钥的口令不对")},
        {"certificate.ca_told", tr("告知外部 CA 吊销")},
        {"crl.renew", tr("签发吊销列表")},
        {"key.pin_initial", tr("设置初始 PIN")},
        {"key.pin_change", tr("修改 PIN")},
        {"key.unlock", tr("解锁 KEY")},
        {"key.unlock_failed", tr("解锁没有成功")},
        {"certificate.name_replaced", tr("指明补办的证书")},
        {"task.raise", tr("新的待办")},
        {"task.done", tr("处理待办")},
        {"key.allocate", tr("分配 KEY")},
        {"key.bind", tr("绑定激活")},
        {"seal.accept", tr("确认印章图片")},
        {"seal.make", tr("制作印章")},
        {"seal.withdraw", tr("收回印章")},
        {"certificate.revoke", tr("吊销证书")},
        {"certificate.nothing_to_revoke", tr("没有可吊销的证书")},
        {"invoice.issue", tr("开票")},
        {"invoice.red", tr("红字发票")},
        {"invoice.void", tr("作废")},
        {"invoice.title", tr("更正抬头")},
        {"invoice.each", tr("按订单开票")},
        {"invoice.spoiled", tr("登记废票")},
        {"invoice.ask", tr("交给开票服务")},
        {"invoice.ask_failed", tr("开票服务没有开出")},
        {"invoice.drop", tr("放弃开票申请")},
        {"invoice.refund", tr("退款办完")},
        {"shipping.pack", tr("打包")},
        {"shipping.print", tr("打印面单")},
        {"shipping.hand_over", tr("交寄")},
        {"shipping.wait", tr("等齐再发")},
        {"shipping.waybill", tr("取得快递单号")},
        {"shipping.retry", tr("重新取号")},
        {"shipping.correct", tr("更正收件信息")},
        {"shipping.void", tr("快递单号作废")},
        {"shipping.voided", tr("快递公司已取消")},
        {"shipping.manifest", tr("交接完成")},
        {"shipping.follow_up", tr("回访")},
        {"print.ask", tr("打印")},
        {"print.again", tr("重印")},
        {"print.redirect", tr("改到另一台打印机")},
        {"print.cancel", tr("取消打印")},
        {"print.give_up", tr("不再等打印机")},
        {"print.resume", tr("继续打印")},
        {"print.came_out", tr("确认已打印")},
        {"print.done", tr("打印完成")},
        {"print.failed", tr("打印失败")},
        {"print.cancelled", tr("已取消")},
        {"print.unsure", tr("打印不能确定")},
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
