#include "desk/pin_letters.h"

#include "base/translate.h"
#include "printing/ipp.h"
#include "reports/pin_letter.h"

namespace sealdesk::desk {

PinShown pin_shown(const Settings& settings) { return settings.pin_letter == "paper" ? PinShown::paper : PinShown::screen; }

Result<> print_pin_letter(const Settings& settings, const keys::PinLetter& letter) {
    if (settings.pin_printer.empty()) return refused(tr("没有设置打印密码信封的打印机"));
    SEALDESK_LET(address, printing::parse_address(settings.pin_printer));
    if (address.raw) return refused(tr("密码信封要打印在 A4 纸上，请设置 ipp:// 打印机"));
    SEALDESK_LET(fonts, reports::Fonts::find());
    reports::PinLetter paper;
    paper.centre = settings.centre;
    paper.telephone = settings.centre_mobile;
    paper.recipient.name = letter.recipient.empty() ? letter.subject_name : letter.recipient;
    paper.recipient.unit = letter.subject_name;
    paper.recipient.address = letter.address;
    paper.order_no = letter.order_no;
    paper.subject = letter.subject_name;
    paper.key_serial = letter.key_serial;
    paper.written_at = letter.made_at;
    SEALDESK_LET(bytes, reports::pin_letter_pdf(paper, letter.pin.view(), fonts));
    const auto printed = [&]() -> Result<> {
        SEALDESK_LET(job, printing::ipp::create_job(address, "SealDesk " + letter.key_serial, "sealdesk", 1));
        if (const auto sent = printing::ipp::send_document(address, job, "application/pdf", bytes, "sealdesk"); !sent) {
            (void)printing::ipp::cancel_job(address, job, "sealdesk");
            return fail(ErrorKind::device, tr("密码信封没有完整送到打印机，请看看有没有打印出来"), sent.error().message);
        }
        return {};
    }();
    const crypto::Secret wiped(std::move(bytes));
    return printed;
}

}  // namespace sealdesk::desk
