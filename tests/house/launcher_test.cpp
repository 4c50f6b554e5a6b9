// The launcher's own decisions, one by one: its functions are taken into a shell of the test's own, with
// apt settings made up here. Nothing is installed or fetched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/process.h"
#include "tests/house/source_tree.h"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class Launcher : public testing::Test {
protected:
    Launcher() {
        std::string name = (fs::temp_directory_path() / "sealdesk-launcher-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        fs::create_directories(folder_ / "etc/sources.list.d");
    }
    ~Launcher() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) const {
        fs::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name) << text;
    }

    sealdesk::Finished shell(const std::string& script) const {
        auto finished = sealdesk::run(
            {"bash", "-c", "source \"$1\"; cd \"$2\"; " + script, "bash", (house::root / "sealdesk").string(), folder_.string()});
        EXPECT_TRUE(finished);
        return finished ? *finished : sealdesk::Finished{-1, ""};
    }

    // All stanzas that it derives, one after the other.
    std::string derived() const { return shell("derive_sources out etc bookworm && cat out/* 2>/dev/null").output; }

    fs::path folder_;
};

}  // namespace

TEST_F(Launcher, TakesTheArchiveOfABareMachine) {
    write("etc/sources.list", "# the machine's\ndeb http://deb.debian.org/debian bookworm main\n");
    EXPECT_EQ(derived(), "Types: deb-src\nSuites: testing\nComponents: main\nURIs: http://deb.debian.org/debian\n");
}

TEST_F(Launcher, KeepsTheKeyAndDropsTrustByDecree) {
    write("etc/sources.list",
          "deb [arch=amd64 signed-by=/usr/share/keyrings/mirror.gpg trusted=yes] https://mirror.example.cn/debian/ bookworm "
          "main contrib # ours\n");
    const std::string stanza = derived();
    EXPECT_THAT(stanza, HasSubstr("URIs: https://mirror.example.cn/debian/\nSigned-By: /usr/share/keyrings/mirror.gpg\n"));
    EXPECT_THAT(stanza, Not(HasSubstr("rusted")));
}

TEST_F(Launcher, ReadsDeb822WithAKeyInTheFile) {
    write("etc/sources.list.d/debian.sources",
          "# comment\nTypes: deb\nURIs: http://a.example.cn/debian\nSuites: bookworm bookworm-updates\nComponents: main\n"
          "Trusted: yes\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQ==\n -----END PGP PUBLIC KEY BLOCK-----\n\n"
          "Types: deb\nURIs: http://a.example.cn/debian-security\nSuites: bookworm-security\nComponents: main\n"
          "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n");
    const std::string stanza = derived();
    EXPECT_THAT(stanza, HasSubstr("URIs: http://a.example.cn/debian\nSigned-By:\n -----BEGIN"));
    EXPECT_THAT(stanza, HasSubstr("\n mQ==\n -----END PGP PUBLIC KEY BLOCK-----\n"));
    EXPECT_THAT(stanza, Not(HasSubstr("security")));
    EXPECT_THAT(stanza, Not(HasSubstr("rusted")));
}

TEST_F(Launcher, LeavesOutWhatIsNotDebiansOwn) {
    write("etc/sources.list",
          "deb http://deb.debian.org/debian-security bookworm-security main\n"
          "deb http://deb.debian.org/debian bookworm-updates main\n"
          "deb cdrom:[Debian 12]/ bookworm main\n"
          "#deb http://off.example.cn/debian bookworm main\n");
    write("etc/sources.list.d/docker.list", "deb https://download.example.com/linux/debian bookworm stable\n");
    write("etc/sources.list.d/cloud.list", "deb https://packages.example.com/apt cloud-sdk-bookworm main\n");
    write("etc/sources.list.d/off.sources",
          "Types: deb\nURIs: http://off.example.cn/debian\nSuites: bookworm\nComponents: main\nEnabled: no\n");
    EXPECT_EQ(derived(), "");
}

TEST_F(Launcher, NamesEachArchiveOnce) {
    write("etc/sources.list",
          "deb http://deb.debian.org/debian bookworm main\ndeb-src http://deb.debian.org/debian bookworm main\n"
          "deb http://other.example.cn/debian bookworm main\n");
    EXPECT_EQ(shell("derive_sources out etc bookworm; ls out").output, "01.sources\n02.sources\n");
}

TEST_F(Launcher, FindsWhatIsMissing) {
    EXPECT_EQ(shell("missing bash no-such-package-here").output, "no-such-package-here\n");
    EXPECT_EQ(shell("missing bash coreutils").output, "");
}

TEST_F(Launcher, ReadsThePackageList) {
    write("data/packages.txt", "# head\n\ncmake      # build\n?opensc  # a look at KEYs\nbash # shell\n");
    EXPECT_EQ(shell("root=$PWD; wanted required").output, "cmake\nbash\n");
    EXPECT_EQ(shell("root=$PWD; wanted optional").output, "opensc\n");
}

TEST_F(Launcher, RefusesAnOldDearImGui) {
    write("old/imgui.cpp", "");
    write("old/imgui.h", "#define IMGUI_VERSION_NUM       19191\n");
    write("new/imgui.cpp", "");
    write("new/imgui.h", "#define IMGUI_VERSION_NUM       19200\n");
    EXPECT_NE(shell("imgui_usable old").status, 0);
    EXPECT_EQ(shell("imgui_usable new").status, 0);
    EXPECT_NE(shell("imgui_usable none").status, 0);
    const auto stopped = shell("build=$PWD/build logs=$PWD/build/log; SEALDESK_IMGUI_DIR=old imgui");
    EXPECT_EQ(stopped.status, 1);
    EXPECT_THAT(stopped.output, HasSubstr("sealdesk: imgui: SEALDESK_IMGUI_DIR=old holds no Dear ImGui 1.92 or newer"));
}

// An archive on the disk that says it is Debian's testing and that nobody signed.
TEST_F(Launcher, RefusesAnArchiveThatNobodySigned) {
    write("archive/dists/testing/Release",
          "Origin: Debian\nSuite: testing\nCodename: trixie\nComponents: main\nArchitectures: amd64\n"
          "Date: Sat, 01 Aug 2026 00:00:00 UTC\nSHA256:\n");
    write("etc/sources.list", "deb [trusted=yes] file:" + (folder_ / "archive").string() + " stable main\n");
    const auto stopped = shell("build=$PWD/build logs=$PWD/build/log machine_apt=$PWD/etc; mkdir -p $logs; imgui");
    EXPECT_EQ(stopped.status, 1);
    EXPECT_THAT(stopped.output, HasSubstr("is not signed"));
    EXPECT_THAT(stopped.output, HasSubstr("the signature of Debian testing could not be checked with this machine's keys"));
    EXPECT_FALSE(fs::exists(folder_ / "build/imgui"));
}

TEST_F(Launcher, AFailureNamesItsStepAndWhatToDo) {
    write("log/build.log", "one\ntwo\n");
    const auto stopped = shell("logs=$PWD/log root=$PWD; begin build; stop 'it broke' 'mend it'; echo not reached");
    EXPECT_EQ(stopped.status, 1);
    EXPECT_EQ(stopped.output,
              "---- the last lines of log/build.log\none\ntwo\n----\nsealdesk: build: it broke\nsealdesk: mend it\n");
}

TEST_F(Launcher, ALoggedCommandKeepsItsStatusAndItsWords) {
    const auto finished = shell("logs=$PWD; begin step; logged bash -c 'echo word; exit 7'; echo status $?; cat step.log");
    EXPECT_EQ(finished.output, "status 7\nword\n");
}

TEST_F(Launcher, ContinuousIntegrationCallsExactlyTheTests) {
    EXPECT_THAT(house::text_of(".ci/run"), testing::EndsWith("exec ./sealdesk test\n"));
    for (const char* script : {"sealdesk", ".ci/run"}) {
        EXPECT_EQ(access((house::root / script).c_str(), X_OK), 0) << script;
        const auto parsed = sealdesk::run({"bash", "-n", (house::root / script).string()});
        ASSERT_TRUE(parsed);
        EXPECT_EQ(parsed->status, 0) << parsed->output;
    }
}
