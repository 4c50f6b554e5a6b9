#include "portal/server.h"

#include <httplib.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <charconv>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "base/translate.h"
#include "portal/acts.h"
#include "portal/lists.h"
#include "portal/store.h"

namespace sealdesk::portal {

using httplib::Request;
using httplib::Response;
using nlohmann::json;

namespace {

constexpr size_t kThreads = 48;         // a connection holds one while it lives
constexpr int kMostWaiting = 32;        // long polls at a time; the others are answered at once
constexpr int kLongestWait = 60;        // seconds
constexpr size_t kBodyLimit = 4 << 20;  // an act with certificates or pictures of faulted pages in it; a revocation list
constexpr auto kLookEvery = std::chrono::milliseconds(500);

void answer(Response& response, int status, const json& body) {
    response.status = status;
    response.set_content(body.dump(), "application/json");
}
void answer_error(Response& response, int status, const std::string& sentence) {
    answer(response, status, {{"error", sentence}});
}
void answer_error(Response& response, const Error& error) {
    if (error.kind != ErrorKind::refused) spdlog::error("portal: {} [{}]", error.message, error.detail);
    answer_error(response,
                 error.kind == ErrorKind::refused       ? 422
                 : error.kind == ErrorKind::unavailable ? 503
                                                        : 500,
                 error.message);
}

// A whole number of the query; nothing when it is there and not in range.
std::optional<std::int64_t> number(const Request& request, const char* name, std::int64_t otherwise, std::int64_t most) {
    if (!request.has_param(name)) return otherwise;
    const std::string text = request.get_param_value(name);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most) return std::nullopt;
    return value;
}

}  // namespace

struct Server::Inside {
    storage::Database& database;
    const Packages& packages;
    httplib::SSLServer http;
    int port = 0;

    std::mutex mutex;
    std::condition_variable changed;  // last_seq, looking, stopping
    std::int64_t last_seq = 0;
    bool look_now = false, stopping = false;
    int waiting = 0;
    std::thread listening, watching;

    Inside(const Options& options, storage::Database& database_, const Packages& packages_)
        : database(database_),
          packages(packages_),
          http(options.certificate.c_str(), options.key.c_str(),
               options.client_ca.empty() ? nullptr : options.client_ca.c_str()) {}

    void routes();
    void watch();
    bool wait_for_event(std::int64_t after, std::chrono::seconds longest);
    void events(const Request& request, Response& response);
    void order(const Request& request, Response& response);
    void package(const Request& request, Response& response);
    void act(const Request& request, Response& response);
    void take_list(const Request& request, Response& response);
    void list(Response& response);
    std::optional<std::string> desk_of(const Request& request, Response& response);
};

// Other processes (the control commands, a second portal) write to the same database, so somebody has to
// look: one thread with one indexed query, however many desks wait.
void Server::Inside::watch() {
    std::unique_lock lock(mutex);
    while (!stopping) {
        look_now = false;
        lock.unlock();
        const auto seq = portal::last_seq(database);
        lock.lock();
        if (seq && *seq != last_seq) {
            last_seq = *seq;
            changed.notify_all();
        }
        changed.wait_for(lock, kLookEvery, [this] { return stopping || look_now; });
    }
}

// True when there may be something after `after`.
bool Server::Inside::wait_for_event(std::int64_t after, std::chrono::seconds longest) {
    std::unique_lock lock(mutex);
    if (waiting >= kMostWaiting) return true;
    ++waiting;
    const bool there = changed.wait_for(lock, longest, [&] { return stopping || last_seq > after; });
    --waiting;
    return there;
}

std::optional<std::string> Server::Inside::desk_of(const Request& request, Response& response) {
    const std::string header = request.get_header_value("Authorization");
    if (header.starts_with("Bearer ")) {
        auto desk = desk_of_token(database, header.substr(7));
        if (!desk) {
            answer_error(response, desk.error());
            return std::nullopt;
        }
        if (*desk) return **desk;
    }
    response.set_header("WWW-Authenticate", "Bearer");
    answer_error(response, 401, tr("门户不认识这个工作台的令牌"));
    return std::nullopt;
}

void Server::Inside::events(const Request& request, Response& response) {
    const auto after = number(request, "after", 0, INT64_MAX), limit = number(request, "limit", 500, 1000),
               wait = number(request, "wait", 0, kLongestWait);
    if (!after || !limit || *limit < 1 || !wait) return answer_error(response, 422, tr("after、limit 或 wait 不是允许的数"));
    auto list = events_after(database, *after, static_cast<int>(*limit));
    if (list && list->empty() && *wait > 0 && wait_for_event(*after, std::chrono::seconds(*wait)))
        list = events_after(database, *after, static_cast<int>(*limit));
    if (!list) return answer_error(response, list.error());
    json events = json::array();
    for (const auto& event : *list) events.push_back(to_json(event));
    const std::int64_t next = list->empty() ? *after : list->back().seq;
    answer(response, 200, {{"events", std::move(events)}, {"next", next}});
}

void Server::Inside::order(const Request& request, Response& response) {
    const std::string no = request.matches[1];
    const auto found = find_order(database, no);
    if (!found) return answer_error(response, found.error());
    if (!*found) return answer_error(response, 404, trf("没有订单 {}", no));
    answer(response, 200, **found);
}

void Server::Inside::package(const Request& request, Response& response) {
    const std::string sha256 = request.matches[1];
    const auto path = packages.find(sha256);
    if (!path) return answer_error(response, 404, tr("没有这个材料包"));
    auto file = std::make_shared<std::ifstream>(*path, std::ios::binary | std::ios::ate);
    const auto size = file->tellg();
    if (!*file || size <= 0) return answer_error(response, 500, tr("材料包读不出来"));
    const auto bytes = static_cast<size_t>(size);
    const std::string tag = '"' + sha256 + '"';

    // One range is served; several at once, or of another version (If-Range), get the whole file. The
    // request is ours, the library only hands it out as const.
    auto& ranges = const_cast<Request&>(request).ranges;
    if (ranges.size() > 1 || (request.has_header("If-Range") && request.get_header_value("If-Range") != tag)) ranges.clear();
    if (!ranges.empty() && ranges[0].first >= static_cast<ssize_t>(bytes)) {
        ranges.clear();
        response.set_header("Content-Range", "bytes */" + std::to_string(bytes));
        return answer_error(response, 416, tr("请求的范围超出材料包的大小"));
    }
    // An end beyond the last byte means the last byte (RFC 9110 14.1.2); the library would end the connection.
    if (!ranges.empty()) ranges[0].second = std::min(ranges[0].second, static_cast<ssize_t>(bytes) - 1);
    response.set_header("ETag", tag);
    response.set_header("Accept-Ranges", "bytes");
    response.set_content_provider(bytes, "application/octet-stream",
                                  [file](size_t offset, size_t length, httplib::DataSink& sink) {
                                      std::array<char, 1 << 16> block;
                                      file->seekg(static_cast<std::streamoff>(offset));
                                      file->read(block.data(), static_cast<std::streamsize>(std::min(length, block.size())));
                                      if (file->gcount() <= 0) return false;
                                      sink.write(block.data(), static_cast<size_t>(file->gcount()));
                                      return true;
                                  });
}

void Server::Inside::act(const Request& request, Response& response) {
    const auto desk = desk_of(request, response);
    if (!desk) return;
    const json body = json::parse(request.body, nullptr, false);
    if (body.is_discarded()) return answer_error(response, 422, tr("请求不是 JSON"));
    const auto act = act_from_json(request.matches[1], body);
    if (!act) return answer_error(response, act.error());
    const auto applied = apply_act(database, *act, *desk);
    if (!applied) return answer_error(response, applied.error());
    if (applied->outcome == Outcome::moved_on)
        return answer(response, 409, {{"error", applied->sentence}, {"order", applied->order}});
    answer(response, 200, {{"applied", applied->outcome == Outcome::applied ? "now" : "before"}, {"order", applied->order}});
}

void Server::Inside::take_list(const Request& request, Response& response) {
    const auto desk = desk_of(request, response);
    if (!desk) return;
    const auto taken = portal::take_list(database, request.body, *desk);
    if (!taken && taken.error().kind == ErrorKind::conflict) return answer_error(response, 409, taken.error().message);
    if (!taken) return answer_error(response, taken.error());
    answer(response, 200, {{"applied", *taken == Taken::now ? "now" : "before"}});
}

// For everybody: what the certificates' distribution point names (RFC 5280 4.2.1.13).
void Server::Inside::list(Response& response) {
    const auto found = newest_list(database);
    if (!found) return answer_error(response, found.error());
    if (!*found) return answer_error(response, 404, tr("还没有吊销列表"));
    response.set_header("Cache-Control", "no-cache");
    response.set_content((*found)->der, "application/pkix-crl");
}

void Server::Inside::routes() {
    http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    http.set_payload_max_length(kBodyLimit);
    http.set_read_timeout(15);
    http.set_write_timeout(15);
    http.set_keep_alive_timeout(5);
    http.set_keep_alive_max_count(100);
    http.set_tcp_nodelay(true);
    // The library's own choice, SO_REUSEPORT, lets two portals share a port without a word.
    http.set_socket_options([](socket_t socket) {
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    // The token is asked for before anything is looked at, so that a stranger learns nothing. Acts ask again,
    // because they need the name.
    http.set_pre_routing_handler([this](const Request& request, Response& response) {
        if (!request.path.starts_with("/api/desk/")) return httplib::Server::HandlerResponse::Unhandled;
        return desk_of(request, response) ? httplib::Server::HandlerResponse::Unhandled
                                          : httplib::Server::HandlerResponse::Handled;
    });
    http.Get("/api/desk/v1/events", [this](const Request& q, Response& a) { events(q, a); });
    http.Get("/api/desk/v1/orders/([0-9A-Z-]{1,40})", [this](const Request& q, Response& a) { order(q, a); });
    http.Get("/api/desk/v1/packages/([0-9a-f]{64})", [this](const Request& q, Response& a) { package(q, a); });
    http.Put("/api/desk/v1/acts/([0-9A-Za-z-]{1,64})", [this](const Request& q, Response& a) { act(q, a); });
    http.Put("/api/desk/v1/crl", [this](const Request& q, Response& a) { take_list(q, a); });
    http.Get("/crl/issuer.crl", [this](const Request&, Response& a) { list(a); });
    http.set_error_handler([](const Request&, Response& response) {
        if (!response.body.empty()) return;
        answer_error(response, response.status,
                     response.status == 404   ? tr("没有这个地址")
                     : response.status == 413 ? tr("请求太大")
                                              : tr("请求不能处理"));
    });
    http.set_exception_handler([](const Request& request, Response& response, std::exception_ptr) {
        spdlog::error("portal: exception in {} {}", request.method, request.path);
        answer_error(response, 500, tr("门户内部出错"));
    });
}

Result<std::unique_ptr<Server>> Server::start(const Options& options, storage::Database& database, const Packages& packages) {
    auto inside = std::make_unique<Inside>(options, database, packages);
    if (!inside->http.is_valid())
        return fail(ErrorKind::unavailable,
                    trf("门户的证书或私钥不能使用：{}、{}", options.certificate.string(), options.key.string()));
    SEALDESK_LET(seq, portal::last_seq(database));
    inside->last_seq = seq;
    inside->routes();
    if (options.port == 0)
        inside->port = inside->http.bind_to_any_port(options.host);
    else if (inside->http.bind_to_port(options.host, options.port))
        inside->port = options.port;
    if (inside->port <= 0) return fail(ErrorKind::unavailable, trf("端口 {} 不能使用", options.port));
    inside->listening = std::thread([raw = inside.get()] { raw->http.listen_after_bind(); });
    inside->watching = std::thread([raw = inside.get()] { raw->watch(); });
    return std::unique_ptr<Server>(new Server(std::move(inside)));
}

Server::Server(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

Server::~Server() {
    {
        const std::lock_guard lock(inside_->mutex);
        inside_->stopping = true;
    }
    inside_->changed.notify_all();
    // stop() does nothing before the accept loop has begun.
    while (!inside_->http.is_running()) std::this_thread::yield();
    inside_->http.stop();
    inside_->listening.join();
    inside_->watching.join();
}

int Server::port() const { return inside_->port; }

void Server::notify() {
    {
        const std::lock_guard lock(inside_->mutex);
        inside_->look_now = true;
    }
    inside_->changed.notify_all();
}

}  // namespace sealdesk::portal
