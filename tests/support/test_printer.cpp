#include "tests/support/test_printer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "base/files.h"

namespace sealdesk::tests {

namespace fs = std::filesystem;

int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    const bool bound = bind(socket, reinterpret_cast<sockaddr*>(&here), size) == 0 &&
                       getsockname(socket, reinterpret_cast<sockaddr*>(&here), &size) == 0;
    close(socket);
    return bound ? ntohs(here.sin_port) : 0;
}

void ReadProcess::start(std::vector<std::string> command, std::map<std::string, std::string> environment) {
    stop();
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    Process::Options options;
    options.command = std::move(command);
    options.environment = std::move(environment);
    options.descriptors = {{ends[1], 1}, {ends[1], 2}};
    auto process = Process::start(options);
    close(ends[1]);
    ASSERT_OK(process);
    process_ = std::move(*process);
    {
        const std::lock_guard lock(mutex_);
        lines_.clear();
        ended_ = false;
    }
    reader_ = std::jthread([this, from = ends[0]] {
        char piece[4096];
        for (ssize_t count = 0; (count = read(from, piece, sizeof piece)) > 0;) {
            const std::lock_guard lock(mutex_);
            lines_.append(piece, static_cast<size_t>(count));
            news_.notify_all();
        }
        close(from);
        const std::lock_guard lock(mutex_);
        ended_ = true;
        news_.notify_all();
    });
}

bool ReadProcess::until_line(const std::string& part) {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, std::chrono::seconds(30), [&] { return ended_ || lines_.find(part) != std::string::npos; });
    return lines_.find(part) != std::string::npos;
}

void ReadProcess::wait_for_news() {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, std::chrono::milliseconds(30));
}

std::string ReadProcess::lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
}

void ReadProcess::stop() {
    if (process_.pid() > 0) {
        process_.signal(SIGKILL);
        process_.wait();
    }
    if (reader_.joinable()) reader_.join();
}

TestPrinter::TestPrinter(const fs::path& folder, Options options)
    : folder_(folder / "printer"), options_(std::move(options)), port_(free_port()) {
    fs::create_directories(folder_ / "out");
    fs::create_directories(folder_ / "spool");
    EXPECT_EQ(mkfifo((folder_ / "paper").c_str(), 0600), 0);
    does(Does::print);
    EXPECT_TRUE(write_file(folder_ / "print",
                           "#!/bin/sh\n"
                           "here=$(dirname \"$0\")\n"
                           "mode=$(cat \"$here/mode\")\n"
                           "if [ \"$mode\" = empty ]; then\n"
                           "  echo 'STATE: +media-empty' >&2\n"
                           "  read sheet < \"$here/paper\"\n"
                           "  echo 'STATE: -media-empty' >&2\n"
                           "fi\n"
                           "if [ \"$mode\" = refuse ]; then echo 'ERROR: fuser too cold' >&2; exit 1; fi\n"
                           "if [ \"$mode\" = page ]; then\n"
                           "  echo 'ATTR: job-impressions-completed=1' >&2\n"
                           "  exit 1\n"
                           "fi\n"
                           "mv_to=$(printf '%s/out/%06d' \"$here\" \"$IPP_JOB_ID\")\n"
                           "env | grep '^IPP_' > \"$mv_to.ticket\"\n"
                           "cp \"$1\" \"$mv_to.part\" && mv \"$mv_to.part\" \"$mv_to\"\n",
                           0755));
    EXPECT_TRUE(write_file(folder_ / "bus.conf",
                           "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
                           "\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
                           "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context=\"default\">"
                           "<allow user=\"*\"/><allow own=\"*\"/><allow send_destination=\"*\" eavesdrop=\"true\"/>"
                           "<allow eavesdrop=\"true\"/></policy></busconfig>\n"));
    bus_.start(
        {"dbus-daemon", "--config-file=" + (folder_ / "bus.conf").string(), "--nofork", "--nopidfile", "--print-address=1"}, {});
    EXPECT_TRUE(bus_.until_line("\n")) << bus_.lines();
    const std::string lines = bus_.lines();
    const auto begin = lines.find("unix:");
    bus_address_ = begin == std::string::npos ? "" : lines.substr(begin, lines.find('\n', begin) - begin);
    if (options_.announced) {
        // The name leads to this machine whether or not its resolver asks the announcer.
        EXPECT_TRUE(write_file(folder_ / "announcer.conf", "[server]\nhost-name=localhost\n"));
        announcer_.start(
            {"avahi-daemon", "--file=" + (folder_ / "announcer.conf").string(), "--no-drop-root", "--no-rlimits", "--no-chroot"},
            {{"DBUS_SYSTEM_BUS_ADDRESS", bus_address_}});
        EXPECT_TRUE(announcer_.until_line("Server startup complete")) << announcer_.lines();
    }
    start();
}

TestPrinter::~TestPrinter() {
    process_.stop();
    announcer_.stop();
    bus_.stop();
}

void TestPrinter::start() {
    std::vector<std::string> command{"ippeveprinter",   "-v", "-n", "localhost",      "-p", std::to_string(port_), "-d",
                                     folder_ / "spool", "-k", "-c", folder_ / "print"};
    if (options_.attributes.empty())
        command.insert(command.end(), {"-f", options_.formats});
    else
        command.insert(command.end(), {"-a", options_.attributes});
    if (!options_.announced) command.insert(command.end(), {"-r", "off"});
    command.push_back(options_.name);
    process_.start(command, {{"DBUS_SYSTEM_BUS_ADDRESS", bus_address_}, {"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}});
    EXPECT_TRUE(process_.until_line("printer-uuid")) << process_.lines();
}

void TestPrinter::switch_off() { process_.stop(); }

void TestPrinter::does(Does what) {
    EXPECT_TRUE(write_file(folder_ / "mode", what == Does::run_out_of_paper       ? "empty"
                                             : what == Does::give_up              ? "refuse"
                                             : what == Does::give_up_after_a_page ? "page"
                                                                                  : "print"));
}

void TestPrinter::load_paper() {
    does(Does::print);
    std::ofstream(folder_ / "paper") << "a sheet\n";  // waits until the printer reads
}

std::vector<std::string> TestPrinter::files(const std::string& extension) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder_ / "out"))
        if (entry.path().extension() == extension) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::string> all;
    for (const auto& file : files) all.push_back(read_file(file).value_or(""));
    return all;
}

std::vector<std::string> TestPrinter::printed() const { return files(""); }

std::vector<std::string> TestPrinter::tickets() const { return files(".ticket"); }

}  // namespace sealdesk::tests
