#include "printing/ipp.h"

#include <cups/cups.h>
#include <cups/http.h>
#include <cups/ipp.h>

#include <algorithm>
#include <memory>

#include "base/translate.h"

namespace sealdesk::printing::ipp {

namespace {

struct CloseHttp {
    void operator()(http_t* http) const { httpClose(http); }
};
struct DeleteIpp {
    void operator()(ipp_t* message) const { ippDelete(message); }
};
using Http = std::unique_ptr<http_t, CloseHttp>;
using Message = std::unique_ptr<ipp_t, DeleteIpp>;

// Nobody sits at a terminal: a printer that wants a password is refused instead of asking.
void ask_nobody() {
    cupsSetPasswordCB2([](const char*, http_t*, const char*, const char*, void*) -> const char* { return nullptr; }, nullptr);
}

Result<Http> connect(const Address& address, std::chrono::milliseconds patience) {
    ask_nobody();
    const auto encryption = address.secure ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED;
    Http http(httpConnect2(address.host.c_str(), address.port, nullptr, AF_UNSPEC, encryption, 1,
                           static_cast<int>(patience.count()), nullptr));
    if (!http) return fail(ErrorKind::unavailable, trf("连不上打印机 {}", text_of(address)), cupsLastErrorString());
    httpSetTimeout(
        http.get(), std::max(1.0, static_cast<double>(patience.count()) / 1000.0), [](http_t*, void*) { return 0; }, nullptr);
    return http;
}

Message request(ipp_op_t operation, const Address& address) {
    Message message(ippNewRequest(operation));
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, text_of(address).c_str());
    return message;
}

void add_user(ipp_t* message, const std::string& user) {
    ippAddString(message, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr, user.c_str());
}

void ask_for(ipp_t* message, const std::vector<const char*>& names) {
    ippAddStrings(message, IPP_TAG_OPERATION, IPP_CONST_TAG(IPP_TAG_KEYWORD), "requested-attributes",
                  static_cast<int>(names.size()), nullptr, names.data());
}

Failure failed(const Address& address, ipp_status_t status) {
    const std::string where = text_of(address), detail = std::string(ippErrorString(status)) + ": " + cupsLastErrorString();
    switch (status) {
        case IPP_STATUS_ERROR_NOT_FOUND: return fail(ErrorKind::refused, trf("打印机 {} 没有这个打印任务", where), detail);
        case IPP_STATUS_ERROR_NOT_AUTHENTICATED:
        case IPP_STATUS_ERROR_NOT_AUTHORIZED:
        case IPP_STATUS_ERROR_FORBIDDEN:
        case IPP_STATUS_ERROR_CUPS_AUTHENTICATION_CANCELED:
            return fail(ErrorKind::denied, trf("打印机 {} 不接受这个工位", where), detail);
        case IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED:
            return fail(ErrorKind::device, trf("打印机 {} 不能打印这种文件", where), detail);
        case IPP_STATUS_ERROR_BUSY: return fail(ErrorKind::unavailable, trf("打印机 {} 正忙", where), detail);
        case IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS:
            return fail(ErrorKind::unavailable, trf("打印机 {} 现在不接收任务", where), detail);
        case IPP_STATUS_ERROR_SERVICE_UNAVAILABLE:
        case IPP_STATUS_ERROR_TEMPORARY:
        case IPP_STATUS_ERROR_INTERNAL: return fail(ErrorKind::unavailable, trf("打印机 {} 没有应答", where), detail);
        default: return fail(ErrorKind::device, trf("打印机 {} 拒绝了任务", where), detail);
    }
}

// Sends without a document. The caller keeps the connection.
Result<Message> ask(http_t* http, const Address& address, Message question) {
    Message answer(cupsDoRequest(http, question.release(), address.resource.c_str()));
    const ipp_status_t status = answer ? ippGetStatusCode(answer.get()) : cupsLastError();
    if (!answer || status >= IPP_STATUS_REDIRECTION_OTHER_SITE) return failed(address, status);
    return answer;
}

std::vector<std::string> strings(ipp_t* message, const char* name) {
    std::vector<std::string> list;
    ipp_attribute_t* attribute = ippFindAttribute(message, name, IPP_TAG_ZERO);
    for (int i = 0; attribute != nullptr && i < ippGetCount(attribute); ++i)
        if (const char* text = ippGetString(attribute, i, nullptr); text != nullptr && std::string_view(text) != "none")
            list.emplace_back(text);
    return list;
}
std::string text(ipp_t* message, const char* name) {
    const auto list = strings(message, name);
    return list.empty() ? std::string() : list.front();
}
int number(ipp_t* message, const char* name, int otherwise) {
    ipp_attribute_t* attribute = ippFindAttribute(message, name, IPP_TAG_ZERO);
    if (attribute == nullptr) return otherwise;
    return ippGetValueTag(attribute) == IPP_TAG_BOOLEAN ? ippGetBoolean(attribute, 0) : ippGetInteger(attribute, 0);
}

PrinterState state_of(int ipp_state) {
    return ipp_state == IPP_PSTATE_STOPPED      ? PrinterState::stopped
           : ipp_state == IPP_PSTATE_PROCESSING ? PrinterState::processing
                                                : PrinterState::idle;
}

JobState job_state_of(int ipp_state) {
    switch (ipp_state) {
        case IPP_JSTATE_HELD: return JobState::held;
        case IPP_JSTATE_PROCESSING: return JobState::processing;
        case IPP_JSTATE_STOPPED: return JobState::stopped;
        case IPP_JSTATE_CANCELED: return JobState::cancelled;
        case IPP_JSTATE_ABORTED: return JobState::aborted;
        case IPP_JSTATE_COMPLETED: return JobState::completed;
        default: return JobState::pending;
    }
}

// A machine whose resolver does not know names of DNS-SD (no nss-mdns) finds printers and cannot reach them by those; most are
// known to the office's DNS or hosts by their plain name as well. "" when that one does not answer either.
std::string without_mdns(const std::string& uri, std::chrono::milliseconds patience) {
    constexpr std::string_view kDomain = ".local";
    auto address = parse_address(uri);
    if (!address) return {};
    while (address->host.ends_with('.')) address->host.pop_back();
    if (!address->host.ends_with(kDomain)) return {};
    address->host.resize(address->host.size() - kDomain.size());
    if (connect(*address, patience)) return text_of(*address);
    address->secure = false;  // announced as both; a certificate of its own making may not be taken here
    return connect(*address, patience) ? text_of(*address) : std::string();
}

// One destination that libcups found.
int take_destination(void* context, unsigned flags, cups_dest_t* destination) {
    if ((flags & CUPS_DEST_FLAGS_REMOVED) != 0) return 1;
    const auto option = [&](const char* name) {
        const char* value = cupsGetOption(name, destination->num_options, destination->options);
        return std::string(value != nullptr ? value : "");
    };
    Printer printer;
    printer.name = option("printer-info");
    if (printer.name.empty()) printer.name = destination->name;
    printer.model = option("printer-make-and-model");
    printer.address = option("printer-uri-supported");
    // An announced printer says its DNS-SD name; where that is comes out by connecting to it.
    if (!parse_address(printer.address)) {
        char resource[HTTP_MAX_URI] = "";
        constexpr int kPatienceMs = 3000;
        const Http http(cupsConnectDest(destination, CUPS_DEST_FLAGS_DEVICE, kPatienceMs, nullptr, resource, sizeof resource,
                                        nullptr, nullptr));
        char host[HTTP_MAX_HOST] = "";
        if (http && httpGetHostname(http.get(), host, sizeof host) != nullptr) {
            const bool secure = httpIsEncrypted(http.get()) != 0;
            printer.address = text_of(Address{false, secure, host, httpAddrPort(httpGetAddress(http.get())), resource});
        } else {
            printer.address = without_mdns(option("device-uri"), std::chrono::milliseconds(kPatienceMs));
            if (printer.address.empty()) printer.message = tr("找到了，但连不上：请检查网络，或直接填写打印机地址");
        }
    }
    printer.state = state_of(std::atoi(option("printer-state").c_str()));
    static_cast<std::vector<Printer>*>(context)->push_back(std::move(printer));
    return 1;
}

}  // namespace

Result<std::vector<Printer>> find_printers(std::chrono::milliseconds patience) {
    ask_nobody();
    std::vector<Printer> list;
    int cancel = 0;
    if (cupsEnumDests(CUPS_DEST_FLAGS_NONE, static_cast<int>(patience.count()), &cancel, 0, 0, take_destination, &list) == 0 &&
        list.empty())
        return fail(ErrorKind::unavailable, tr("找不到打印机，请检查网络，或直接填写打印机地址"), cupsLastErrorString());
    std::sort(list.begin(), list.end(), [](const Printer& a, const Printer& b) { return a.address < b.address; });
    list.erase(std::unique(list.begin(), list.end(),
                           [](const Printer& a, const Printer& b) { return a.address == b.address && a.name == b.name; }),
               list.end());
    return list;
}

Result<Printer> look(const Address& address, std::chrono::milliseconds patience) {
    SEALDESK_LET(http, connect(address, patience));
    Message question = request(IPP_OP_GET_PRINTER_ATTRIBUTES, address);
    ask_for(question.get(), {"printer-name", "printer-info", "printer-make-and-model", "printer-state", "printer-state-reasons",
                             "printer-state-message", "printer-is-accepting-jobs", "document-format-supported", "media-supported",
                             "print-scaling-supported"});
    SEALDESK_LET(answer, ask(http.get(), address, std::move(question)));
    Printer printer;
    printer.address = text_of(address);
    printer.name = text(answer.get(), "printer-info");
    if (printer.name.empty()) printer.name = text(answer.get(), "printer-name");
    printer.model = text(answer.get(), "printer-make-and-model");
    printer.state = state_of(number(answer.get(), "printer-state", IPP_PSTATE_IDLE));
    printer.reasons = strings(answer.get(), "printer-state-reasons");
    printer.message = text(answer.get(), "printer-state-message");
    printer.accepting = number(answer.get(), "printer-is-accepting-jobs", 1) != 0;
    printer.formats = strings(answer.get(), "document-format-supported");
    printer.media = strings(answer.get(), "media-supported");
    // cupsd hands the wish on to its filters, whether it lists it or not. ("none" is what strings() leaves out.)
    ipp_attribute_t* scaling = ippFindAttribute(answer.get(), "print-scaling-supported", IPP_TAG_ZERO);
    printer.unscaled =
        address.resource.starts_with("/printers/") || (scaling != nullptr && ippContainsString(scaling, "none") != 0);
    return printer;
}

Result<int> create_job(const Address& address, const std::string& name, const std::string& user, const Ticket& ticket,
                       std::chrono::milliseconds patience) {
    SEALDESK_LET(http, connect(address, patience));
    Message question = request(IPP_OP_CREATE_JOB, address);
    add_user(question.get(), user);
    ippAddString(question.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", nullptr, name.c_str());
    if (ticket.copies > 1) ippAddInteger(question.get(), IPP_TAG_JOB, IPP_TAG_INTEGER, "copies", ticket.copies);
    const auto wish = [&](const char* what, const char* value) {
        ippAddString(question.get(), IPP_TAG_JOB, IPP_TAG_KEYWORD, what, nullptr, value);
    };
    if (!ticket.media.name.empty()) wish("media", ticket.media.name.c_str());
    if (const auto& custom = ticket.media.custom) {
        const Message size(ippNew()), media(ippNew());
        ippAddInteger(size.get(), IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", custom->width);
        ippAddInteger(size.get(), IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension", custom->height);
        ippAddCollection(media.get(), IPP_TAG_ZERO, "media-size", size.get());
        ippAddCollection(question.get(), IPP_TAG_JOB, "media-col", media.get());
    }
    if (ticket.unscaled) wish("print-scaling", "none");
    SEALDESK_LET(answer, ask(http.get(), address, std::move(question)));
    const int job = number(answer.get(), "job-id", 0);
    if (job <= 0) return fail(ErrorKind::device, trf("打印机 {} 拒绝了任务", text_of(address)), "no job-id");
    return job;
}

Result<int> find_job(const Address& address, const std::string& name, const std::string& user,
                     std::chrono::milliseconds patience) {
    SEALDESK_LET(http, connect(address, patience));
    Message question = request(IPP_OP_GET_JOBS, address);
    add_user(question.get(), user);
    ippAddString(question.get(), IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", nullptr, "not-completed");
    ask_for(question.get(), {"job-id", "job-name"});
    SEALDESK_LET(answer, ask(http.get(), address, std::move(question)));
    int id = 0;
    bool same = false;
    // One group of attributes for each job; what separates two has no name.
    for (ipp_attribute_t* each = ippFirstAttribute(answer.get()); each != nullptr; each = ippNextAttribute(answer.get())) {
        const char* which = ippGetName(each);
        if (which == nullptr || ippGetGroupTag(each) != IPP_TAG_JOB) {
            if (same && id > 0) return id;
            id = 0;
            same = false;
        } else if (std::string_view(which) == "job-id") {
            id = ippGetInteger(each, 0);
        } else if (std::string_view(which) == "job-name") {
            const char* text = ippGetString(each, 0, nullptr);
            same = text != nullptr && name == text;
        }
    }
    return same ? id : 0;
}

Result<> send_document(const Address& address, int job, const std::string& type, const std::string& bytes,
                       const std::string& user, std::chrono::milliseconds patience) {
    SEALDESK_LET(http, connect(address, patience));
    Message question = request(IPP_OP_SEND_DOCUMENT, address);
    ippAddInteger(question.get(), IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job);
    add_user(question.get(), user);
    ippAddString(question.get(), IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", nullptr, type.c_str());
    ippAddBoolean(question.get(), IPP_TAG_OPERATION, "last-document", 1);
    const size_t length = ippLength(question.get()) + bytes.size();
    if (cupsSendRequest(http.get(), question.get(), address.resource.c_str(), length) != HTTP_STATUS_CONTINUE)
        return failed(address, IPP_STATUS_ERROR_SERVICE_UNAVAILABLE);
    constexpr size_t kPiece = 65536;
    for (size_t at = 0; at < bytes.size(); at += kPiece)
        if (cupsWriteRequestData(http.get(), bytes.data() + at, std::min(kPiece, bytes.size() - at)) != HTTP_STATUS_CONTINUE)
            break;  // the printer's answer says why
    const Message answer(cupsGetResponse(http.get(), address.resource.c_str()));
    const ipp_status_t status = answer ? ippGetStatusCode(answer.get()) : cupsLastError();
    if (!answer || status >= IPP_STATUS_REDIRECTION_OTHER_SITE) return failed(address, status);
    return {};
}

Result<JobStatus> job_status(const Address& address, int job, std::chrono::milliseconds patience) {
    SEALDESK_LET(http, connect(address, patience));
    Message question = request(IPP_OP_GET_JOB_ATTRIBUTES, address);
    ippAddInteger(question.get(), IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job);
    ask_for(question.get(), {"job-state", "job-state-reasons", "job-state-message", "number-of-documents",
                             "job-impressions-completed", "job-printer-state-reasons"});
    SEALDESK_LET(answer, ask(http.get(), address, std::move(question)));
    JobStatus status;
    status.state = job_state_of(number(answer.get(), "job-state", IPP_JSTATE_PENDING));
    status.reasons = strings(answer.get(), "job-state-reasons");
    status.message = text(answer.get(), "job-state-message");
    status.documents = number(answer.get(), "number-of-documents", -1);
    status.pages = number(answer.get(), "job-impressions-completed", 0);
    if (status.state == JobState::cancelled || status.state == JobState::aborted || status.state == JobState::completed)
        return status;
    // Most printers say at themselves, not at the job, that the paper is out.
    Message printer = request(IPP_OP_GET_PRINTER_ATTRIBUTES, address);
    ask_for(printer.get(), {"printer-state", "printer-state-reasons"});
    SEALDESK_LET(about, ask(http.get(), address, std::move(printer)));
    status.printer_stopped = number(about.get(), "printer-state", IPP_PSTATE_IDLE) == IPP_PSTATE_STOPPED;
    status.printer_reasons = strings(about.get(), "printer-state-reasons");
    return status;
}

Result<> cancel_job(const Address& address, int job, const std::string& user, std::chrono::milliseconds patience) {
    SEALDESK_LET(http, connect(address, patience));
    Message question = request(IPP_OP_CANCEL_JOB, address);
    ippAddInteger(question.get(), IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job);
    add_user(question.get(), user);
    Message answer(cupsDoRequest(http.get(), question.release(), address.resource.c_str()));
    const ipp_status_t status = answer ? ippGetStatusCode(answer.get()) : cupsLastError();
    if (status == IPP_STATUS_ERROR_NOT_POSSIBLE || status == IPP_STATUS_ERROR_NOT_FOUND) return {};
    if (!answer || status >= IPP_STATUS_REDIRECTION_OTHER_SITE) return failed(address, status);
    return {};
}

}  // namespace sealdesk::printing::ipp
