// A person at a terminal, for commands that ask for what no script should hand over.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <thread>

namespace sealdesk::tests {

// Takes the place of the standard input while it lives; owns the file.
class StandardInput {
public:
    explicit StandardInput(int file) : before_(dup(STDIN_FILENO)) {
        if (file < 0 || dup2(file, STDIN_FILENO) < 0) throw std::runtime_error("no standard input");
        close(file);
    }
    ~StandardInput() {
        dup2(before_, STDIN_FILENO);
        close(before_);
    }
    StandardInput(const StandardInput&) = delete;
    StandardInput& operator=(const StandardInput&) = delete;

private:
    const int before_;
};

// Types one line, once the program hides what is typed.
class Typist {
public:
    explicit Typist(const std::string& line) : person_([this, line](const std::stop_token& stop) { type(stop, line + "\n"); }) {}
    ~Typist() {
        person_ = {};  // gone before the terminal is
        close(keyboard_);
    }

private:
    static int new_terminal() {
        const int keyboard = posix_openpt(O_RDWR | O_NOCTTY);
        if (keyboard < 0 || grantpt(keyboard) != 0 || unlockpt(keyboard) != 0) throw std::runtime_error("no terminal");
        return keyboard;
    }
    void type(const std::stop_token& stop, const std::string& keys) const {
        termios now{};
        do {
            if (stop.stop_requested() || tcgetattr(keyboard_, &now) != 0) return;
            std::this_thread::yield();
        } while ((now.c_lflag & static_cast<tcflag_t>(ECHO)) != 0);
        EXPECT_EQ(write(keyboard_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
    }

    const int keyboard_ = new_terminal();
    StandardInput screen_{open(ptsname(keyboard_), O_RDWR | O_NOCTTY)};
    std::jthread person_;
};

}  // namespace sealdesk::tests
