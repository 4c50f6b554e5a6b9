#include "desk/pin_letters.h"

#include <thread>

#include "base/files.h"
#include "base/translate.h"
#include "printing/media.h"
#include "printing/printer_line.h"
#include "reports/pin_letter.h"

namespace sealdesk::desk {

PinShown pin_shown(const Settings& settings) { return settings.pin_letter == "paper" ? PinShown::paper : PinShown::screen; }

namespace {

namespace fs = std::filesystem;

constexpr const char* kUser = "sealdesk";
constexpr std::chrono::milliseconds kLook{500};
constexpr std::chrono::seconds kSheet{60};  // a slow printer, warm-up included

// Until the sheet is out. A printer that stands still is not waited for: the officer hears why.
Result<> follow(const printing::Address& address, int job) {
    for (const auto until = std::chrono::steady_clock::now() + kSheet;;) {
        const auto status = printing::ipp::job_status(address, job);
        if (!status) return fail(ErrorKind::device, tr("打印机没有应答，请看一下密码信封有没有打出来"), status.error().message);
        const printing::Verdict verdict = printing::verdict_on(*status);
        if (verdict.state == printing::State::done) return {};
        if (verdict.state == printing::State::stopped)
            return fail(ErrorKind::device,
                        trf("打印机停了：{}。处理好以后密码信封会接着打出来；“再打印”会先取消这一张", verdict.said));
        if (printing::is_over(verdict.state) || std::chrono::steady_clock::now() > until)
            return fail(ErrorKind::device, trf("密码信封可能没有打印出来，请看一下：{}", verdict.said));
        std::this_thread::sleep_for(kLook);
    }
}

// Who gets it wipes it.
Result<std::string> letter_pdf(const Settings& settings, const keys::PinLetter& letter, std::string_view pin) {
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
    return reports::pin_letter_pdf(paper, pin, fonts);
}

}  // namespace

const char* unsure_words() {
    return tr("KEY 没有回答：这个 PIN 可能已经生效，也可能还是原来的。请插上 KEY 各试一次，再决定交哪一个");
}

Result<> may_write_pin_letter(const Settings& settings, const keys::PinLetter& letter, const fs::path& file) {
    if (pin_shown(settings) == PinShown::paper)
        return refused(tr("这个中心的 PIN 只打印在密码信封上，不写成文件。请在窗口里写 KEY"));
    std::error_code error;
    if (fs::exists(file, error)) return refused(trf("{} 已经存在，不覆盖", file.string()));
    SEALDESK_LET(blank, letter_pdf(settings, letter, "00000000"));
    SEALDESK_TRY(write_file(file, std::string(blank.size(), ' '), 0600));
    fs::remove(file, error);
    return {};
}

Result<> write_pin_letter(const Settings& settings, const keys::PinLetter& letter, const fs::path& file) {
    SEALDESK_LET(bytes, letter_pdf(settings, letter, letter.pin.view()));
    auto written = write_file(file, bytes, 0600);
    const crypto::Secret wiped(std::move(bytes));
    return written;
}

Result<> print_pin_letter(const Settings& settings, const keys::PinLetter& letter) {
    if (settings.pin_printer.empty()) return refused(tr("没有设置打印密码信封的打印机"));
    SEALDESK_LET(address, printing::parse_address(settings.pin_printer));
    if (address.raw) return refused(tr("密码信封要打印在 A4 纸上，请设置 ipp:// 打印机"));
    SEALDESK_LET(bytes, letter_pdf(settings, letter, letter.pin.view()));
    const std::string name = "SealDesk " + letter.key_serial;
    const auto sent = [&]() -> Result<int> {
        SEALDESK_LET(printer, printing::ipp::look(address));
        // An earlier sheet of this letter that still waits for paper: one PIN, one sheet.
        if (const auto left = printing::ipp::find_job(address, name, kUser); left && *left > 0)
            (void)printing::ipp::cancel_job(address, *left, kUser);
        printing::ipp::Ticket ticket;
        ticket.unscaled = printer.unscaled;
        if (const auto sheet = printing::sheet_of(bytes)) ticket.media = printing::media_for(*sheet, printer.media);
        SEALDESK_LET(job, printing::ipp::create_job(address, name, kUser, ticket));
        if (const auto whole = printing::ipp::send_document(address, job, "application/pdf", bytes, kUser); !whole) {
            (void)printing::ipp::cancel_job(address, job, kUser);
            return fail(ErrorKind::device, tr("密码信封没有完整送到打印机，请看看有没有打印出来"), whole.error().message);
        }
        return job;
    }();
    const crypto::Secret wiped(std::move(bytes));
    if (!sent) return tl::unexpected(sent.error());
    return follow(address, *sent);
}

}  // namespace sealdesk::desk
