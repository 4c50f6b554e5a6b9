#include "network/http.h"

#include <curl/curl.h>

#include <cstdio>
#include <cstring>
#include <mutex>
#include <vector>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::network {

namespace fs = std::filesystem;

namespace {

constexpr size_t kTextLimit = size_t{32} << 20;  // bytes of a JSON answer

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;
using Headers = std::unique_ptr<curl_slist, FreeList>;

// One connection's worth of libcurl: the multi handle keeps it open between calls and can be woken.
struct Channel {
    CURL* easy = curl_easy_init();
    CURLM* multi = curl_multi_init();

    Channel() = default;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;
    ~Channel() {
        curl_easy_cleanup(easy);
        curl_multi_cleanup(multi);
    }
};

// What one call collects.
struct Call {
    CURL* easy = nullptr;
    const char* method = "PUT";  // of what has a body
    std::string text;            // JSON, or the body of a refusal
    size_t limit = kTextLimit;
    bool too_long = false, disk_failed = false;

    const HttpClient::Download* download = nullptr;
    File file;
    std::int64_t start = 0;    // bytes that were there before
    std::int64_t written = 0;  // bytes in the file
    bool began = false;
};

void add_header(Headers& headers, const std::string& line) {
    if (curl_slist* longer = curl_slist_append(headers.get(), line.c_str())) {
        (void)headers.release();  // the list's head stays the same or is the new one
        headers.reset(longer);
    }
}

long status_of(CURL* easy) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

// Whether the body is of this media type; parameters may follow it.
bool is_of_type(CURL* easy, const std::string& type) {
    const char* told = nullptr;
    if (type.empty() || curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &told) != CURLE_OK || told == nullptr) return false;
    const std::string_view said = told;
    return upper_ascii(trimmed(said.substr(0, said.find(';')))) == upper_ascii(type);
}

// A server that ignores Range sends 200 and the whole file: then what was there is thrown away.
bool begin_file(Call& call, long status) {
    call.began = true;
    call.written = status == 206 ? call.start : 0;
    call.file.reset(std::fopen(call.download->target.c_str(), status == 206 ? "ab" : "wb"));
    call.disk_failed = call.file == nullptr;
    return !call.disk_failed;
}

size_t take_body(char* bytes, size_t, size_t count, void* context) {
    Call& call = *static_cast<Call*>(context);
    const long status = status_of(call.easy);
    if (call.download != nullptr && (status == 200 || status == 206)) {
        if (!call.began && !begin_file(call, status)) return 0;
        call.too_long = call.written + static_cast<std::int64_t>(count) > call.download->limit;
        if (call.too_long) return 0;
        call.disk_failed = std::fwrite(bytes, 1, count, call.file.get()) != count;
        if (call.disk_failed) return 0;
        call.written += static_cast<std::int64_t>(count);
        return count;
    }
    call.too_long = call.text.size() + count > call.limit;
    if (call.too_long) return 0;
    call.text.append(bytes, count);
    return count;
}

int report_progress(void* context, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
    Call& call = *static_cast<Call*>(context);
    if (call.began)
        call.download->progress(call.written, total > 0 ? total + (status_of(call.easy) == 206 ? call.start : 0) : -1);
    return 0;
}

Error explained(CURLcode code, const std::string& base, const char* detail) {
    const std::string words = std::string(curl_easy_strerror(code)) + ": " + detail;
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CRL_BADFILE:
        case CURLE_SSL_INVALIDCERTSTATUS:
            return {ErrorKind::denied,
                    trf("{} 的证书不能信任：可能连到了别的服务器，或设置中的 CA 文件不对；没有发送任何数据", base), words};
        case CURLE_SSL_CERTPROBLEM: return {ErrorKind::denied, tr("本工作台的客户端证书不能使用，请检查设置"), words};
        case CURLE_COULDNT_RESOLVE_HOST: return {ErrorKind::unavailable, trf("找不到服务器 {}，请检查网络", base), words};
        case CURLE_COULDNT_CONNECT:
            return {ErrorKind::unavailable, trf("连不上 {}：服务器没有应答；恢复后会自动继续", base), words};
        case CURLE_OPERATION_TIMEDOUT: return {ErrorKind::unavailable, trf("{} 在规定时间内没有应答，请稍后再试", base), words};
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL: return {ErrorKind::refused, trf("地址 {} 不是 https:// 地址", base), words};
        default: return {ErrorKind::unavailable, trf("与 {} 的连接中断了；恢复后会自动继续", base), words};
    }
}

}  // namespace

struct HttpClient::Inside {
    Options options;
    mutable std::mutex mutex;
    mutable std::vector<std::unique_ptr<Channel>> idle;  // guarded by mutex

    std::unique_ptr<Channel> take() const {
        const std::lock_guard lock(mutex);
        if (idle.empty()) return std::make_unique<Channel>();
        auto channel = std::move(idle.back());
        idle.pop_back();
        return channel;
    }
    void give(std::unique_ptr<Channel> channel) const {
        curl_easy_reset(channel->easy);
        const std::lock_guard lock(mutex);
        idle.push_back(std::move(channel));
    }

    void prepare(CURL* easy, const std::string& url, const Headers& headers, Call& call, char* words) const;
    Result<Answer> perform(const std::string& path, Headers headers, Call& call, const std::string* body,
                           std::chrono::milliseconds timeout, const std::stop_token& stop) const;
};

void HttpClient::Inside::prepare(CURL* easy, const std::string& url, const Headers& headers, Call& call, char* words) const {
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_PROXY, options.proxy.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "SealDesk");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, words);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    if (!options.certificate.empty()) {
        curl_easy_setopt(easy, CURLOPT_SSLCERT, options.certificate.c_str());
        curl_easy_setopt(easy, CURLOPT_SSLKEY, options.private_key.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &call);
}

Result<HttpClient::Answer> HttpClient::Inside::perform(const std::string& path, Headers headers, Call& call,
                                                       const std::string* body, std::chrono::milliseconds timeout,
                                                       const std::stop_token& stop) const {
    auto channel = take();
    char words[CURL_ERROR_SIZE] = "";
    call.easy = channel->easy;
    if (!options.bearer.empty()) add_header(headers, "Authorization: Bearer " + options.bearer);
    prepare(channel->easy, options.base + path, headers, call, words);
    if (body != nullptr) {
        curl_easy_setopt(channel->easy, CURLOPT_CUSTOMREQUEST, call.method);
        curl_easy_setopt(channel->easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
        curl_easy_setopt(channel->easy, CURLOPT_POSTFIELDS, body->data());
    }
    if (call.download == nullptr) {
        curl_easy_setopt(channel->easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    } else {
        curl_easy_setopt(channel->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(channel->easy, CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(timeout.count() / 1000)));
        if (call.download->progress) {
            curl_easy_setopt(channel->easy, CURLOPT_NOPROGRESS, 0L);
            curl_easy_setopt(channel->easy, CURLOPT_XFERINFOFUNCTION, report_progress);
            curl_easy_setopt(channel->easy, CURLOPT_XFERINFODATA, &call);
        }
    }

    CURLcode code = CURLE_FAILED_INIT;
    curl_multi_add_handle(channel->multi, channel->easy);
    {
        const std::stop_callback wake(stop, [multi = channel->multi] { curl_multi_wakeup(multi); });
        int running = 1;
        while (running > 0 && !stop.stop_requested()) {
            if (curl_multi_perform(channel->multi, &running) != CURLM_OK) break;
            if (running > 0) curl_multi_poll(channel->multi, nullptr, 0, 1000, nullptr);
        }
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(channel->multi, &left))
            if (message->msg == CURLMSG_DONE) code = message->data.result;
    }
    const long status = status_of(channel->easy);
    const bool of_own_type = is_of_type(channel->easy, options.own_type) && !call.text.empty();
    curl_multi_remove_handle(channel->multi, channel->easy);
    give(std::move(channel));

    if (stop.stop_requested()) return fail(ErrorKind::unavailable, tr("已停止"));
    if (call.too_long) return fail(ErrorKind::corrupt, trf("{} 的应答超过允许的大小", options.base), path);
    if (call.disk_failed)
        return fail(ErrorKind::unavailable, trf("写不进 {}，请检查磁盘空间和权限", call.download->target.string()),
                    std::strerror(errno));
    if (code != CURLE_OK) return tl::unexpected(explained(code, options.base, words));
    if (of_own_type) return Answer{status, std::move(call.text), true};
    const std::string detail = path + ": HTTP " + std::to_string(status) + " " + call.text.substr(0, 300);
    if ((status == 401 || status == 403) && !options.forbidden_is_answer)
        return fail(ErrorKind::denied, trf("{} 不认识本工作台的令牌，请检查设置", options.base), detail);
    if (status == 429 || status >= 500)
        return fail(ErrorKind::unavailable, trf("{} 出错（HTTP {}），请稍后再试", options.base, status), detail);
    return Answer{status, std::move(call.text)};
}

HttpClient::HttpClient(Options options) : inside_(std::make_unique<Inside>()) {
    // libcurl wants this once a process; function statics are initialised once, whoever comes first.
    [[maybe_unused]] static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    inside_->options = std::move(options);
    while (inside_->options.base.ends_with('/')) inside_->options.base.pop_back();
}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;

Result<HttpClient::Answer> HttpClient::get(const std::string& path, std::stop_token stop,
                                           std::chrono::milliseconds patience) const {
    Call call;
    return inside_->perform(path, {}, call, nullptr, inside_->options.timeout + patience, stop);
}

Result<HttpClient::Answer> HttpClient::put(const std::string& path, const std::string& body, std::stop_token stop,
                                           const std::string& type) const {
    Call call;
    Headers headers;
    add_header(headers, "Content-Type: " + type);
    add_header(headers, "Expect:");  // one round trip; acts are small
    return inside_->perform(path, std::move(headers), call, &body, inside_->options.timeout, stop);
}

Result<HttpClient::Answer> HttpClient::post_form(const std::string& path, const std::string& form, std::stop_token stop) const {
    Call call;
    call.method = "POST";
    Headers headers;
    add_header(headers, "Content-Type: application/x-www-form-urlencoded;charset=UTF-8");
    add_header(headers, "Expect:");
    return inside_->perform(path, std::move(headers), call, &form, inside_->options.timeout, stop);
}

Result<HttpClient::Answer> HttpClient::post(const std::string& path, const std::string& type, const std::string& body,
                                            const std::vector<std::string>& own, std::stop_token stop) const {
    Call call;
    call.method = "POST";
    Headers headers;
    add_header(headers, "Content-Type: " + type);
    add_header(headers, "Expect:");
    for (const auto& header : own) add_header(headers, header);
    return inside_->perform(path, std::move(headers), call, &body, inside_->options.timeout, stop);
}

Result<HttpClient::Answer> HttpClient::download(const std::string& path, const Download& what, std::stop_token stop) const {
    Call call;
    call.download = &what;
    Headers headers;
    std::error_code error;
    const auto there = fs::file_size(what.target, error);
    if (!error && there > 0 && !what.etag.empty()) {
        call.start = static_cast<std::int64_t>(there);
        add_header(headers, "Range: bytes=" + std::to_string(there) + "-");
        add_header(headers, "If-Range: " + what.etag);
    }
    auto answer = inside_->perform(path, std::move(headers), call, nullptr, inside_->options.timeout, stop);
    if (call.file && (std::fflush(call.file.get()) != 0) && answer)
        return fail(ErrorKind::unavailable, trf("写不进 {}，请检查磁盘空间和权限", what.target.string()), std::strerror(errno));
    return answer;
}

}  // namespace sealdesk::network
