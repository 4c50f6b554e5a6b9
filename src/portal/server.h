// Server: the desk contract (data/api/desk.openapi.yaml) over TLS. Owns its threads; the database and the
// packages outlive it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "portal/packages.h"
#include "storage/database.h"

namespace sealdesk::portal {

class Server {
public:
    struct Options {
        std::filesystem::path certificate, key;  // PEM; the certificate with its chain
        std::filesystem::path client_ca;         // PEM; when set, desks must show a certificate of this CA
        std::string host = "127.0.0.1";
        int port = 0;  // 0: the system chooses
    };
    // Listens when it returns. unavailable when certificate, key or port cannot be used.
    static Result<std::unique_ptr<Server>> start(const Options& options, storage::Database& database, const Packages& packages);
    ~Server();  // answers what waits, then stops

    int port() const;
    // Something happened in this process: waiting desks are answered now. What other processes write is
    // noticed within half a second.
    void notify();

private:
    struct Inside;
    explicit Server(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace sealdesk::portal
