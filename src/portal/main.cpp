// sealdesk-portal: the portal as a program of its own, and the commands that make things happen on it.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "base/files.h"
#include "base/text.h"
#include "base/translate.h"
#include "portal/packages.h"
#include "portal/seed.h"
#include "portal/server.h"
#include "portal/store.h"

using namespace sealdesk;
namespace fs = std::filesystem;

namespace {

struct Words {
    std::string database, packages, data = "data";
    portal::Server::Options server;
    std::string token_file, seed, seed_from, order, package, out;
};

// A token a line: "NAME TOKEN", or the token alone for a desk called "desk".
Result<> take_tokens(storage::Database& database, const fs::path& file) {
    SEALDESK_LET(text, read_file(file, 1 << 16));
    for (const auto& line : split(text, '\n')) {
        const std::string words = trimmed(line);
        if (words.empty()) continue;
        const auto blank = words.find(' ');
        const bool named = blank != std::string::npos;
        SEALDESK_TRY(
            portal::set_token(database, named ? words.substr(0, blank) : "desk", named ? trimmed(words.substr(blank)) : words));
    }
    return {};
}

Result<nlohmann::json> read_demo(const fs::path& file) {
    SEALDESK_LET(text, read_file(file));
    auto demo = nlohmann::json::parse(text, nullptr, false);
    if (!demo.is_object()) return fail(ErrorKind::corrupt, trf("{} 不是 JSON", file.string()));
    return demo;
}

Result<> serve(storage::Database& database, const portal::Packages& packages, const Words& words) {
    if (!words.token_file.empty()) SEALDESK_TRY(take_tokens(database, words.token_file));
    // Blocked before any thread starts, so that they arrive here and nowhere else.
    sigset_t ends;
    sigemptyset(&ends);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&ends, number);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    signal(SIGPIPE, SIG_IGN);
    SEALDESK_LET(server, portal::Server::start(words.server, database, packages));
    std::printf("listening %d\n", server->port());
    std::fflush(stdout);
    int number = 0;
    sigwait(&ends, &number);
    return {};
}

Result<> seed(storage::Database& database, const portal::Packages& packages, const Words& words) {
    SEALDESK_LET(demo, read_demo(words.seed));
    SEALDESK_LET(seeded, portal::seed(database, packages, demo, words.seed_from, database.now()));
    std::printf("seeded %d, there before %d\n", seeded.placed, seeded.before);
    std::fflush(stdout);
    return {};
}

Result<> resubmit(storage::Database& database, const portal::Packages& packages, const Words& words) {
    SEALDESK_LET(stored, packages.add(words.package));
    return portal::resubmit(database, words.order,
                            {0, stored.sha256, fs::path(words.package).filename().string(), stored.bytes, {}});
}

Result<> recipes(const Words& words) {
    SEALDESK_LET(demo, read_demo(words.seed));
    std::printf("%s\n", portal::package_recipes(demo, words.out).dump(1).c_str());
    return {};
}

}  // namespace

int main(int count, char** arguments) {
    Words words;
    CLI::App app("SealDesk portal: the desk contract over HTTPS", "sealdesk-portal");
    app.add_option("--database", words.database, "file, or postgresql://…");
    app.add_option("--packages", words.packages, "folder of the packages, named by their SHA-256");
    app.add_option("--data", words.data, "folder with migrations/portal");
    app.add_option("--cert", words.server.certificate, "PEM certificate with its chain");
    app.add_option("--key", words.server.key, "PEM private key");
    app.add_option("--client-ca", words.server.client_ca, "desks must show a certificate of this CA");
    app.add_option("--host", words.server.host, "address to listen on");
    app.add_option("--port", words.server.port, "0: choose one; it is printed as: listening PORT")->check(CLI::Range(0, 65535));
    app.add_option("--token-file", words.token_file, "lines: [NAME] TOKEN");
    app.add_option("--seed", words.seed, "demo orders; those that are there stay as they are");
    app.add_option("--seed-from", words.seed_from, "folder of the made packages: NO-rREVISION.EXTENSION");
    app.fallthrough();  // options may stand before or after the command
    auto* resubmit_command = app.add_subcommand("resubmit", "new papers for an order that was sent back");
    resubmit_command->add_option("order", words.order)->required();
    resubmit_command->add_option("--package", words.package)->required();
    auto* refund_command = app.add_subcommand("refund", "the money of an order goes back");
    refund_command->add_option("order", words.order)->required();
    auto* recipes_command = app.add_subcommand("recipes", "print what the scan maker must make for --seed");
    recipes_command->add_option("--out", words.out, "folder of the made packages")->required();
    app.require_subcommand(0, 1);
    CLI11_PARSE(app, count, arguments);

    const auto ended = [&](const Result<>& result) {
        if (!result)
            std::fprintf(stderr, "sealdesk-portal: %s [%s]\n", result.error().message.c_str(), result.error().detail.c_str());
        return result ? 0 : 1;
    };
    if (*recipes_command) return ended(recipes(words));
    if (words.database.empty()) return ended(refused(tr("缺少 --database")));
    const SystemClock clock;
    crypto::SystemRandom random;
    auto database = storage::Database::open({words.database, fs::path(words.data) / "migrations/portal", &clock, &random, 8});
    if (!database) return ended(tl::unexpected(database.error()));
    const portal::Packages packages(words.packages);
    if (*refund_command) return ended(portal::refund(**database, words.order));
    if (words.packages.empty()) return ended(refused(tr("缺少 --packages")));
    if (*resubmit_command) return ended(resubmit(**database, packages, words));
    if (!words.seed.empty()) {
        if (const auto seeded = seed(**database, packages, words); !seeded) return ended(seeded);
        if (words.server.certificate.empty()) return 0;  // only seeded
    }
    return ended(serve(**database, packages, words));
}
