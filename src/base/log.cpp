#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/async.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <random>

#include "base/files.h"
#include "base/translate.h"

namespace sealdesk {

namespace {

constexpr size_t kLargest = size_t{2} << 20, kOlder = 5;

}  // namespace

Result<Log> Log::open(const std::filesystem::path& folder) try {
    SEALDESK_TRY(make_folder(folder));
    spdlog::init_thread_pool(1024, 1);
    spdlog::set_default_logger(spdlog::rotating_logger_mt<spdlog::async_factory>("desk", folder / "desk.log", kLargest, kOlder));
    spdlog::flush_on(spdlog::level::err);
    return Log();
} catch (const spdlog::spdlog_ex& error) {
    return fail(ErrorKind::unavailable, trf("不能写日志文件夹 {}，请检查磁盘和权限", folder.string()), error.what());
}

Log::~Log() {
    if (!open_) return;
    spdlog::shutdown();
    spdlog::set_default_logger(spdlog::stderr_logger_mt("sealdesk"));
}

std::string log_incident(const Error& error) {
    std::random_device random;
    const std::string incident = fmt::format("{:04X}-{:04X}", random() & 0xFFFF, random() & 0xFFFF);
    spdlog::error("{} {}: {} [{}]", incident, name_of(error.kind), error.message, error.detail);
    return incident;
}

}  // namespace sealdesk
