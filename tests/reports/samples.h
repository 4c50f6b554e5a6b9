// Invented documents that the tests of reports share.
#pragma once

#include "reports/daily_report.h"
#include "reports/invoice.h"
#include "reports/label.h"
#include "reports/manifest.h"
#include "reports/packing_slip.h"
#include "reports/pin_letter.h"

namespace sealdesk::reports::samples {

inline Label label() {
    Label label;
    label.courier = "顺达速运";
    label.waybill = "SD7444496931331";
    label.recipient = {"龘垚鑫", "南京垚鑫建设工程有限公司", "17700001234",
                       "江苏省南京市江宁区秣陵街道双龙大道 1698 号景枫中心 3 幢 1204 室"};
    label.sender = {"陈思雨", "省签章服务中心", "025-80001234", "江苏省南京市建邺区江东中路 265 号公共资源大厦 2 楼 12 号窗口"};
    label.orders = {"SD20261122000017", "SD20261122000018", "SD20261122000021"};
    label.keys = 4;
    label.printed_at = Instant{1'795'334'580'000};
    label.parcel = 1;
    label.parcels = 2;
    return label;
}

inline Invoice invoice() {
    Invoice invoice;
    invoice.number = "26322000000001234567";
    invoice.issued = {2026, 11, 22};
    invoice.seller = {"江苏明信电子签章服务有限公司", "91320105MA1XAMPL0T"};
    invoice.buyer = {"南京垚鑫建设工程有限公司", "91320115MA27EXMP4X"};
    const auto add = [&](const char* item, const char* spec, const char* unit, int quantity, Fen gross, int rate) {
        const TaxSplit split = split_tax(gross, rate);
        invoice.lines.push_back({item, spec, unit, quantity, split.net, rate, split.tax});
        invoice.net += split.net;
        invoice.tax += split.tax;
        invoice.gross += gross;
    };
    add("*信息技术服务*数字证书服务费", "单位证书 2 年", "份", 4, Fen{80000}, 60);
    add("*计算机配套产品*智能密码钥匙", "USB KEY", "个", 4, Fen{48000}, 130);
    add("*信息技术服务*电子印章制作费", "", "枚", 3, Fen{10000}, 60);
    add("*物流辅助服务*收派服务费", "", "次", 1, Fen{2950}, 60);
    invoice.remark = "订单号：SD20261122000017，SD20261122000018，SD20261122000021";
    invoice.clerk = "周晓彤";
    invoice.qr = "01,32,,26322000000001234567,1409.50,20261122,,7C1A";
    return invoice;
}

inline DailyReport daily_report() {
    DailyReport report;
    report.centre = "省签章服务中心";
    report.day = {2026, 11, 22};
    report.generated_at = Instant{1'795'363'200'000};
    report.states = {{"待审核", 142, 131, 23}, {"审核不通过", 18, 11, 31}, {"审核通过", 124, 119, 5}, {"制作中", 119, 121, 8},
                     {"已装箱", 121, 117, 8},  {"已完成", 117, 0, 20412},  {"已退款", 3, 0, 87}};
    report.turnarounds = {{"支付到审核", 131, 18 * kMinute, 64 * kMinute},
                          {"审核到制证", 119, 125 * kMinute, 5 * kHour + 12 * kMinute},
                          {"支付到交寄", 117, 22 * kHour + 5 * kMinute, 2 * kDay + 3 * kHour}};
    report.rejections = {{"R01", "营业执照不清晰或有遮挡", 7},
                         {"R04", "申请表未加盖公章", 5},
                         {"R07", "经办人身份证已过有效期", 4},
                         {"R12", "授权委托书缺少法定代表人签字，或签字与身份证姓名不一致", 2}};
    report.keys_written = 121;
    report.keys_scrapped = 2;
    report.takings = {{"支付宝", 88, Fen{3'912'050}, Fen{88'000}, Fen{132'000}, Fen{60'000}},
                      {"中金支付", 41, Fen{2'204'900}, Fen{41'000}, Fen{61'500}, Fen{40'000}}};
    report.audit_head = "9f2c4ab1d03e5f6780912a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f";
    return report;
}

inline PackingSlip packing_slip() {
    PackingSlip slip;
    slip.centre = "省签章服务中心";
    slip.courier = "顺达速运";
    slip.waybill = "SD7444496931331";
    slip.recipient = label().recipient;
    slip.orders = {{"SD20261122000017", "南京垚鑫建设工程有限公司", "新办", {"K2026110000171", "K2026110000172"}},
                   {"SD20261122000018", "龘垚鑫", "续期", {"K2026110000173"}},
                   {"SD20261122000021", "江苏垚鑫市政园林工程有限公司南京市江宁区秣陵分公司", "补办", {"K2026110000174"}}};
    slip.invoice_number = "26322000000001234567";
    slip.packed_by = "周晓彤";
    slip.packed_at = Instant{1'795'334'580'000};
    return slip;
}

inline PickupReceipt pickup_receipt() {
    PickupReceipt receipt;
    receipt.centre = "省签章服务中心";
    receipt.number = "ZQ20261122000003";
    receipt.collector = "龘垚鑫";
    receipt.mobile = "17700001234";
    receipt.identity = "320115********002X";
    receipt.orders = packing_slip().orders;
    receipt.handed_by = "周晓彤";
    receipt.handed_at = Instant{1'795'334'580'000};
    return receipt;
}

inline Manifest manifest(int parcels = 12) {
    Manifest manifest;
    manifest.centre = "省签章服务中心";
    manifest.number = "JJ20261122000002";
    manifest.courier = "顺达速运";
    manifest.made_at = Instant{1'795'334'580'000};
    manifest.made_by = "周晓彤";
    for (int i = 0; i < parcels; ++i)
        manifest.parcels.push_back({"SD" + std::to_string(7444496931331 + i), i % 5 == 0 ? "吐尔逊·买买提江·阿卜杜拉" : "龘垚鑫",
                                    i % 3 == 0 ? label().recipient.address : "四川省成都市武侯区天府三街 199 号", 1 + i % 3,
                                    1 + i % 4});
    return manifest;
}

inline PinLetter pin_letter() {
    PinLetter letter;
    letter.centre = "省签章服务中心";
    letter.telephone = "025-80001234";
    letter.recipient = label().recipient;
    letter.order_no = "SD20261122000017";
    letter.subject = "南京垚鑫建设工程有限公司";
    letter.key_serial = "K2026110000171";
    letter.written_at = Instant{1'795'334'580'000};
    return letter;
}

}  // namespace sealdesk::reports::samples
