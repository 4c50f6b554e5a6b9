// HttpClient: the one door to HTTPS (libcurl). TLS is always verified against the configured CA. Calls block;
// any thread, several at a time; every call can be stopped from another thread at once.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"

namespace sealdesk::network {

// Failures that pass by themselves are `unavailable`: refused connection, timeout, HTTP 429 and 5xx, stopped
// by the caller. What a person must put right is `denied`: the server's certificate, our token (401, 403).
// Any other status is an answer, not a failure.
class HttpClient {
public:
    struct Options {
        std::string base;                                // https://host:port
        std::filesystem::path ca_file;                   // PEM; nothing else is trusted
        std::filesystem::path certificate, private_key;  // PEM, our own; empty: none
        std::string bearer;                              // never logged; empty: none
        bool forbidden_is_answer = false;                // 401 and 403 as well: such a service judges us in its body
        std::string own_type;                            // a body of this media type is an answer, whatever the status
        std::string proxy;                               // empty: none, whatever the environment says
        std::chrono::milliseconds connect_timeout{10'000};
        std::chrono::milliseconds timeout{30'000};  // of a whole get or put; of a silence within a download
    };
    struct Answer {
        long status = 0;
        std::string body;
        bool of_own_type = false;  // the body is of Options::own_type
    };
    struct Download {
        std::filesystem::path target;     // what is there already is continued
        std::string etag;                 // version to continue (If-Range), with its quotes; empty: never continue
        std::int64_t limit = 64LL << 20;  // bytes; more is `corrupt`
        std::function<void(std::int64_t done, std::int64_t total)> progress;  // from the calling thread; total -1: unknown
    };

    explicit HttpClient(Options options);
    ~HttpClient();
    HttpClient(HttpClient&&) noexcept;

    // `path` begins with a slash. `patience` is added to the timeout: the wait of a long poll.
    Result<Answer> get(const std::string& path, std::stop_token stop = {}, std::chrono::milliseconds patience = {}) const;
    Result<Answer> put(const std::string& path, const std::string& body, std::stop_token stop = {},
                       const std::string& type = "application/json") const;
    // application/x-www-form-urlencoded; `form` is encoded already.
    Result<Answer> post_form(const std::string& path, const std::string& form, std::stop_token stop = {}) const;
    // `headers` are the service's own ("accessToken: …"), never logged.
    Result<Answer> post(const std::string& path, const std::string& type, const std::string& body,
                        const std::vector<std::string>& headers = {}, std::stop_token stop = {}) const;
    // The body of a 200 or 206 is in the target, which keeps what arrived when the call fails; the body of
    // any other status is in the answer.
    Result<Answer> download(const std::string& path, const Download& what, std::stop_token stop = {}) const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace sealdesk::network
