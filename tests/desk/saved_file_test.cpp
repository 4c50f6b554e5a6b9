// Names under which strangers' files are saved.
#include "desk/saved_file.h"

#include <gtest/gtest.h>

using sealdesk::desk::safe_name;

TEST(SavedFile, AStrangersNameIsNeverAPath) {
    EXPECT_EQ(safe_name("DD1", "申请表.doc"), "DD1-申请表.doc");
    EXPECT_EQ(safe_name("DD1", "../../etc/passwd"), "DD1-passwd");
    EXPECT_EQ(safe_name("DD1", "C:\\Windows\\a.xls"), "DD1-a.xls");
    EXPECT_EQ(safe_name("DD1", "..."), "DD1-file");
    EXPECT_EQ(safe_name("DD1", ""), "DD1-file");
    EXPECT_EQ(safe_name("DD1", ".bashrc"), "DD1-bashrc");
    EXPECT_EQ(safe_name("DD1", "a\nb:c*d?.doc"), "DD1-a_b_c_d_.doc");
    EXPECT_EQ(safe_name("DD1",
                        "甲\xE2\x80\xAE"
                        "cod.exe"),
              "DD1-甲_cod.exe")
        << "no mark that turns the writing around";
}

TEST(SavedFile, ALongNameKeepsItsEnding) {
    std::string name;
    for (int i = 0; i < 200; ++i) name += "章";
    const auto made = safe_name("DD1", name + ".docx");
    EXPECT_LE(made.size(), 120u);
    EXPECT_TRUE(made.ends_with("章.docx")) << made;
}
