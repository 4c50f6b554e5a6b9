// The real sealdesk-portal as a process of a test, with a CA of its own, made by the openssl command line.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/process.h"
#include "support/databases.h"

namespace sealdesk::tests {

// <folder>/<name>-ca.pem, <name>.pem and <name>.key for 127.0.0.1 (or another subject alternative name).
inline void make_tls(const std::filesystem::path& folder, const std::string& name, const std::string& san = "IP:127.0.0.1") {
    const std::string base = folder / name;
    const auto openssl = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "openssl");
        const auto ended = run(arguments);
        ASSERT_TRUE(ended && ended->status == 0) << (ended ? ended->output : ended.error().message);
    };
    openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
             "/CN=" + name + " CA", "-keyout", base + "-ca.key", "-out", base + "-ca.pem", "-addext",
             "keyUsage=critical,keyCertSign,cRLSign"});
    openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name, "-keyout",
             base + ".key", "-out", base + ".csr"});
    ASSERT_OK(write_file(base + ".ext", "subjectAltName=" + san + "\n"));
    openssl({"x509", "-req", "-in", base + ".csr", "-CA", base + "-ca.pem", "-CAkey", base + "-ca.key", "-CAcreateserial",
             "-days", "2", "-extfile", base + ".ext", "-out", base + ".pem"});
}

class RunningPortal {
public:
    static constexpr const char* kToken = "a token of a test desk";

    // `client_ca`: desks must show a certificate of that CA.
    explicit RunningPortal(std::filesystem::path folder, const std::string& san = "IP:127.0.0.1",
                           std::filesystem::path client_ca = {})
        : folder_(std::move(folder)), client_ca_(std::move(client_ca)) {
        make_tls(folder_, "portal", san);
        EXPECT_TRUE(write_file(folder_ / "token", std::string("desk1 ") + kToken + "\n"));
        start();
    }

    void start() {
        int out[2];
        ASSERT_EQ(pipe(out), 0);
        std::vector<std::string> command{program("sealdesk-portal"),
                                         "--database",
                                         database(),
                                         "--packages",
                                         packages(),
                                         "--data",
                                         source("data"),
                                         "--cert",
                                         folder_ / "portal.pem",
                                         "--key",
                                         folder_ / "portal.key",
                                         "--token-file",
                                         folder_ / "token"};
        if (!client_ca_.empty()) command.insert(command.end(), {"--client-ca", client_ca_});
        auto process = Process::start({command, {}, {}, {}, {{out[1], 1}}});
        close(out[1]);
        ASSERT_OK(process);
        process_ = std::move(*process);
        std::FILE* lines = fdopen(out[0], "r");
        char line[100] = "";
        while (std::fgets(line, sizeof line, lines) != nullptr && std::sscanf(line, "listening %d", &port_) != 1) {
        }
        std::fclose(lines);
        ASSERT_GT(port_, 0);
    }
    void kill() {
        process_.signal(SIGKILL);
        process_.wait();
    }
    // Ends it as a service manager does; gives the exit status.
    int stop() {
        process_.signal(SIGTERM);
        return process_.wait();
    }
    // A control command beside the running server.
    Finished control(std::vector<std::string> words) {
        words.insert(words.begin(),
                     {program("sealdesk-portal"), "--database", database(), "--packages", packages(), "--data", source("data")});
        auto ended = run(words);
        EXPECT_TRUE(ended);
        return ended ? *ended : Finished{-1, {}};
    }

    std::string database() const { return folder_ / "portal.sqlite"; }
    std::filesystem::path packages() const { return folder_ / "packages"; }
    std::filesystem::path ca() const { return folder_ / "portal-ca.pem"; }
    std::string base() const { return "https://127.0.0.1:" + std::to_string(port_); }

private:
    std::filesystem::path folder_, client_ca_;
    Process process_;
    int port_ = 0;
};

}  // namespace sealdesk::tests
