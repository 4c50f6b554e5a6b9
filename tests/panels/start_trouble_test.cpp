// A desk that cannot be opened says why, and opens once that is put right.
#include "panels/start_trouble.h"

#include <fstream>

#include "storage/rows.h"
#include "tests/panels/desk_on_screen.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;
using panels::AfterTrouble;

class StartTrouble : public DeskOnScreen {
protected:
    // The sentence of the refused start stands on the screen; Enter asks to try again.
    void expect_told(const std::string& words) {
        const auto refused = start();
        ASSERT_FALSE(refused);
        AfterTrouble wish = AfterTrouble::wait;
        Headless screen([&] {
            if (const auto now = panels::draw_start_trouble(refused.error()); now != AfterTrouble::wait) wish = now;
        });
        EXPECT_TRUE(screen.until_says(words)) << screen.text();
        screen.press(ImGuiKey_Enter);
        EXPECT_EQ(wish, AfterTrouble::retry);
        screen.click(ids::start_leave);
        EXPECT_EQ(wish, AfterTrouble::leave);
    }
};

TEST_F(StartTrouble, ADatabaseOfANewerProgram) {
    put_orders(1, 1);
    ASSERT_OK(desk_->database().write([](storage::Tx& tx) -> Result<> {
        storage::change(tx, "INSERT INTO schema_version (number, applied_at) VALUES (9999, 0)");
        return {};
    }));
    close();
    expect_told("9999");
    EXPECT_FALSE(start()) << "and again";
}

TEST_F(StartTrouble, AFileThatIsNoDatabase) {
    close();
    std::filesystem::rename(settings_.database, settings_.database + ".kept");
    std::ofstream(settings_.database) << std::string(8192, 'x');
    expect_told("已损坏");
    std::filesystem::rename(settings_.database + ".kept", settings_.database);
    const auto opened = start();
    ASSERT_OK(opened);
}

}  // namespace
}  // namespace sealdesk::tests
