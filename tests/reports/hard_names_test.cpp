// Three hundred hard names and addresses on every paper that carries them: what can be printed is on the paper to its
// last character, inside its box and over nothing else; what cannot is refused by name.
#include <gtest/gtest.h>

#include <iterator>

#include "base/text.h"
#include "tests/reports/document_test.h"
#include "tests/reports/samples.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

// The longest that an order may have.
constexpr size_t kName = 60, kUnit = 100, kAddress = 200;

struct Case {
    std::string name, unit, address;
    bool printable = true;  // some installed font has it all; false: may be refused, by name
};

std::string cut(const std::string& text, size_t most) {
    std::string out;
    size_t count = 0;
    for (const char32_t c : code_points(text)) {
        if (count++ == most) break;
        out += utf8(c);
    }
    return out;
}
std::string filled(const std::string& piece, size_t most) {
    std::string text;
    while (code_points(text).size() < most) text += piece;
    return cut(text, most);
}

std::vector<Case> hard_cases() {
    const std::vector<std::string> printable = {"新疆维吾尔自治区巴音郭楞蒙古自治州和静县巴音布鲁克镇",
                                                "吐尔逊·买买提江·阿卜杜拉·艾合买提",
                                                "洛桑·次仁多吉·旺堆",
                                                "WWWWWWWWWWWWWWWWWWWW",
                                                "Room1204Building3No1698ShuanglongAvenueJiangningDistrict",
                                                "Flat 7, 12 O'Connell St., Suite #4-B/C",
                                                "𠮷祥𬭎街道㐱村",
                                                "龘靐齉爩鱻麤灪",
                                                "（靠近加油站）【二期】",
                                                "！！！！！！！！！！",
                                                "。，、；：",
                                                "10000000000000000000000000000",
                                                "é à ü ñ Ō ß",
                                                "Ⅷ-①-℃-㎡",
                                                "ＡＢＣ１２３",
                                                "……——～",
                                                "^XZ~JA_5E^FS",
                                                "Ленина 5",
                                                "ソウル特別市",
                                                "서울",
                                                "////////////////",
                                                "　　　",
                                                "西藏自治区那曲市双湖县措折羌玛乡"};
    const std::vector<std::string> odd = {"\u200F", "\u202E金",           "\uFEFF", "\u200B",  "\t",     "\x01",   "\x7F",
                                          "😀",      "👨‍👩‍👧", "تۇرسۇن", "བསོད་ནམས", "\u0301", "\uE000", "𱍐",
                                          "\u2028", "\U000E0100",         "हिन्दी",  "\uFFFE"};
    std::vector<Case> all;
    for (const std::string& piece : printable) {
        all.push_back({filled(piece, kName), filled(piece, kUnit), filled(piece, kAddress)});  // the longest of each
        all.push_back({piece, "", piece});
        all.push_back({cut(piece, 2), piece, filled(piece, 60)});
        all.push_back({"王敏", "", filled(piece + " ", kAddress)});
    }
    for (const std::string& piece : odd) {
        all.push_back({"王" + piece + "敏", "", "江苏省南京市", false});
        all.push_back({"王敏", "", "江苏省" + piece + "南京市", false});
        all.push_back({"王敏", piece + "有限公司", "江苏省南京市", false});
    }
    unsigned seed = 20261123;
    const auto any = [&](size_t below) {
        seed = seed * 1664525 + 1013904223;
        return (seed >> 12) % below;
    };
    while (all.size() < 300) {
        Case mixed;
        for (size_t parts = 1 + any(8); parts > 0; --parts) mixed.address += printable[any(printable.size())];
        for (size_t parts = 1 + any(3); parts > 0; --parts) mixed.name += printable[any(printable.size())];
        for (size_t parts = any(5); parts > 0; --parts) mixed.unit += printable[any(printable.size())];
        all.push_back({cut(mixed.name, kName), cut(mixed.unit, kUnit), cut(mixed.address, kAddress)});
    }
    return all;
}

// Without blanks, of which lines lose those at their ends.
std::string inked(const std::string& text) {
    std::string out;
    for (const char32_t c : code_points(text))
        if (c != U' ' && c != 0x3000 && c != 0xA0) out += utf8(c);
    return out;
}

class HardNames : public DocumentTest {
protected:
    // All that is said on the paper, in the order in which it was laid out.
    static std::string said(const Paper& paper) {
        std::string text;
        for (const Page& page : paper.pages)
            for (const Mark& mark : page.marks)
                if (const auto* words = std::get_if<TextMark>(&mark)) text += words->text;
        return inked(text);
    }
    bool all_printable(const Case& one) const {
        return fonts().check(one.name) && fonts().check(one.unit) && fonts().check(one.address);
    }
    // Returns whether it was printed.
    bool expect_whole_or_refused(const Result<Paper>& paper, const Case& one, bool with_unit, const std::string& where) {
        if (!paper) {
            EXPECT_EQ(paper.error().kind, ErrorKind::refused);
            EXPECT_FALSE(one.printable) << where << ": " << paper.error().message;
            EXPECT_FALSE(all_printable(one)) << where << ": " << paper.error().message;
            EXPECT_NE(paper.error().message.find("U+"), std::string::npos) << where << ": " << paper.error().message;
            return false;
        }
        expect_marks_inside(*paper);
        expect_nothing_overprinted(*paper);
        const std::string text = said(*paper);
        EXPECT_NE(text.find(inked(one.name)), std::string::npos) << where << ": " << one.name;
        EXPECT_NE(text.find(inked(one.address)), std::string::npos) << where << ": " << one.address;
        EXPECT_TRUE(!with_unit || text.find(inked(one.unit)) != std::string::npos) << where << ": " << one.unit;
        return true;
    }
};

}  // namespace

TEST_F(HardNames, AreWholeOnEveryLabelOrRefusedByName) {
    const auto cases = hard_cases();
    ASSERT_EQ(cases.size(), 300U);
    int printed = 0, refused = 0;
    for (const Case& one : cases) {
        Label label = samples::label();
        label.recipient = {one.name, one.unit, "17700001234", one.address};
        for (const LabelSize size : {LabelSize::mm100x180, LabelSize::mm100x150, LabelSize::mm76x130})
            ++(expect_whole_or_refused(layout_labels({label}, fonts(), size), one, true, "label") ? printed : refused);
    }
    EXPECT_GT(printed, 700);
    EXPECT_GT(refused, 100);
}

TEST_F(HardNames, AreWholeOnThePapersOfTheParcel) {
    for (const Case& one : hard_cases()) {
        const Contact who{one.name, one.unit, "17700001234", one.address};
        PackingSlip slip = samples::packing_slip();
        slip.recipient = who;
        expect_whole_or_refused(layout_packing_slip(slip, fonts()), one, true, "slip");
        PinLetter letter = samples::pin_letter();
        letter.recipient = who;
        expect_whole_or_refused(layout_pin_letter(letter, "Q7z#", fonts()), one, true, "letter");
        Manifest list = samples::manifest(1);
        list.parcels[0].recipient = one.name;
        list.parcels[0].address = one.address;
        if (fonts().check(one.unit)) expect_whole_or_refused(layout_manifest(list, fonts()), one, false, "manifest");
    }
}

TEST_F(HardNames, AreWholeOnTheInvoice) {
    for (const Case& one : hard_cases()) {
        Invoice invoice = samples::invoice();
        invoice.buyer.name = one.unit;
        if (one.unit.empty()) continue;
        for (const InvoicePaper paper : {InvoicePaper::a4, InvoicePaper::form_241x140}) {
            const auto laid = layout_invoice(invoice, fonts(), {paper});
            EXPECT_EQ(laid.has_value(), fonts().check(one.unit).has_value()) << one.unit;
            if (!laid) continue;
            expect_marks_inside(*laid);
            expect_nothing_overprinted(*laid);
            EXPECT_NE(said(*laid).find(inked(one.unit)), std::string::npos) << one.unit;
        }
    }
}
