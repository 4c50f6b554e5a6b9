// Printers and what they say, as values: addresses, states, reasons in words. No network here. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sealdesk::printing {

// What a desk has a printer for; one address each in its settings.
enum class Use { label, invoice, a4 };
const char* name_of(Use use);
const char* word_of(Use use);  // 面单, 发票, A4

// How a document's bytes are to be understood.
enum class Format { pdf, zpl };
const char* name_of(Format format);
std::optional<Format> parse_format(std::string_view name);

// ipp://host[:631]/path and ipps:// (a queue of cupsd is ipp://localhost/printers/NAME), or socket://host[:9100] for raw ZPL.
struct Address {
    bool raw = false;     // TCP, no protocol above it
    bool secure = false;  // TLS
    std::string host;
    int port = 0;
    std::string resource;  // of IPP: "/ipp/print"
};
// Refused with what an address looks like.
Result<Address> parse_address(std::string_view text);
std::string text_of(const Address& address);

struct Sheet {
    int width = 0, height = 0;  // hundredths of a millimetre
};
// What a job is to be printed on. Neither: whatever lies in the printer.
struct Media {
    std::string name;             // one of the printer's own
    std::optional<Sheet> custom;  // a size that has no name there
    bool known() const { return custom || !name.empty(); }
};

enum class PrinterState { idle, processing, stopped };

struct Printer {
    std::string address, name, model;
    PrinterState state = PrinterState::idle;
    std::vector<std::string> reasons;  // keywords of RFC 8011, without "none"
    std::string message;
    bool accepting = true;
    std::vector<std::string> formats;  // MIME types
    std::vector<std::string> media;    // its names for papers; empty when it does not tell
    bool unscaled = false;             // print-scaling "none" is understood
};

// 缺纸, 卡纸 … for a keyword such as "media-empty-error"; the keyword itself when we have no word.
std::string word_of_reason(std::string_view keyword);
std::string words_of_reasons(const std::vector<std::string>& keywords);
// One sentence for people: 就绪, 正在打印, 缺纸, 打印机停了, 现在不接收任务.
std::string words_of_state(const Printer& printer);
// Nothing comes out before a person does something: paper, jam, cover, pause, ink. Printers with several trays say of an
// empty one "media-empty-warning" and go on; others say the same and stop, so that a job that has not come out counts.
bool stands_still(const std::vector<std::string>& keywords);

// What a thermal printer answers to ~HS (ZPL II): three lines between STX and ETX.
struct HostStatus {
    bool paper_out = false, paused = false, head_open = false, ribbon_out = false, buffer_full = false;
    int formats_waiting = 0, labels_left = 0;
    std::vector<std::string> reasons() const;  // the same keywords as IPP
};
// Empty when it is no such answer.
std::optional<HostStatus> parse_host_status(std::string_view answer);

}  // namespace sealdesk::printing
