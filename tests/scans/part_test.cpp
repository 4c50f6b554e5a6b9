// Parts of pages: the same pixels that the whole page has there.
#include <gtest/gtest.h>

#include <cstring>

#include "made_packages.h"
#include "scans/scanbox.h"

using namespace sealdesk;
using namespace sealdesk::tests;
using scans::Part;

namespace {

// How far the part's pixels are from those of the whole page, at the worst.
int worst(const scans::Pixels& whole, const scans::Pixels& part, int left, int top) {
    int most = 0;
    for (int y = 0; y < part.height(); ++y)
        for (int i = 0; i < part.width() * 4; ++i) {
            const auto at = [](const scans::Pixels& pixels, int byte, int row) {
                return int{pixels.rgba()[static_cast<size_t>(row) * static_cast<size_t>(pixels.width()) * 4 +
                                         static_cast<size_t>(byte)]};
            };
            most = std::max(most, std::abs(at(part, i, y) - at(whole, left * 4 + i, top + y)));
        }
    return most;
}

}  // namespace

TEST(Part, HasThePixelsOfThePage) {
    const Folder folder;
    folder.make(R"([{"out":"a.zip","pages":[)" + page("a.jpg", "jpeg") + "," + page("b.png", "png") + "," +
                page("c.tiff", "tiff") + R"(]},{"out":"d.pdf","format":"pdf","pages":[)" + page("x", "jpeg") + "]}]");
    int pages = 0;
    for (const char* name : {"a.zip", "d.pdf"}) {
        const auto package = decoder().open(folder.path / name);
        ASSERT_TRUE(package.has_value()) << package.error().message;
        for (const auto& one : package->pages) {
            ++pages;
            for (const int shrink : {1, 2}) {
                const auto whole = decoder().render(*package, one, shrink);
                const auto part = decoder().render(*package, one, shrink, 200, Part{60, 110, 130, 90});
                ASSERT_TRUE(whole && part) << one.title << part.error().message;
                EXPECT_EQ(part->width(), 130);
                EXPECT_EQ(part->height(), 90);
                EXPECT_LE(worst(*whole, *part, 60, 110), one.format == "pdf" ? 3 : 0) << one.title << " at " << shrink;
                // At the edge there is what there is.
                const auto corner =
                    decoder().render(*package, one, shrink, 200, Part{whole->width() - 40, whole->height() - 30, 500, 500});
                ASSERT_TRUE(corner) << one.title;
                EXPECT_EQ(corner->width(), 40);
                EXPECT_EQ(corner->height(), 30);
                EXPECT_LE(worst(*whole, *corner, whole->width() - 40, whole->height() - 30), one.format == "pdf" ? 3 : 0);
            }
        }
    }
    EXPECT_EQ(pages, 4);
}

TEST(Part, OutsideOfThePageThereIsNothing) {
    const Folder folder;
    folder.make(R"([{"out":"a.png","format":"png","pages":[)" + page("x", "png") +
                R"(]},{"out":"d.pdf","format":"pdf","pages":[)" + page("x", "jpeg") + "]}]");
    for (const char* name : {"a.png", "d.pdf"}) {
        const auto package = decoder().open(folder.path / name);
        ASSERT_TRUE(package && package->pages.size() == 1);
        for (const Part part : {Part{100000, 0, 10, 10}, Part{0, -50, 10, 40}, Part{-20, 0, 20, 2147483647}, Part{5, 5, 10, 0}})
            EXPECT_FALSE(decoder().render(*package, package->pages[0], 1, 200, part)) << name << " " << part.x << "," << part.y;
    }
}

TEST(Part, OfADrawingIsAsFineAsIsAskedFor) {
    const Folder folder;
    folder.make(R"([{"out":"d.pdf","format":"pdf","pages":[)" + page("x", "jpeg") + "]}]");
    const auto package = decoder().open(folder.path / "d.pdf");
    ASSERT_TRUE(package && package->pages.size() == 1);
    const auto& one = package->pages[0];
    const auto fine = decoder().render(*package, one, 1, 800, Part{one.width * 4 - 700, one.height * 4 - 500, 1024, 1024});
    ASSERT_TRUE(fine) << fine.error().message;
    EXPECT_NEAR(fine->width(), 700, 4) << "four times the page";
    EXPECT_NEAR(fine->height(), 500, 4);
}
