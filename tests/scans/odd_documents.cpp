// PDF files that are well, cut, damaged or hostile, and the files that are no pages at all.
#include <fmt/format.h>

#include "made_packages.h"
#include "odd_file.h"

namespace sealdesk::tests {

namespace {

// Objects numbered from 1; 1 is the catalogue.
std::string pdf(const std::vector<std::string>& objects, const std::string& trailer = "") {
    std::string bytes = "%PDF-1.5\n", places;
    for (size_t i = 0; i < objects.size(); ++i) {
        places += fmt::format("{:010} 00000 n \n", bytes.size());
        bytes += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
    }
    return fmt::format("{}xref\n0 {}\n0000000000 65535 f \n{}trailer<</Size {}/Root 1 0 R{}>>\nstartxref\n{}\n%%EOF\n", bytes,
                       objects.size() + 1, places, objects.size() + 1, trailer, bytes.size());
}

std::string stream(const std::string& content, const std::string& entries = "") {
    return fmt::format("<</Length {}{}>>stream\n{}\nendstream", content.size(), entries, content);
}

std::string one_page(const std::string& box, const std::string& content = "0 0 1 rg 10 10 50 50 re f",
                     const std::string& entries = "", const std::string& more = "", const std::string& trailer = "") {
    std::vector<std::string> objects{"<</Type/Catalog/Pages 2 0 R" + more + ">>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                                     "<</Type/Page/Parent 2 0 R/MediaBox[" + box + "]/Contents 4 0 R" + entries + ">>",
                                     stream(content)};
    return pdf(objects, trailer);
}

const char* const kPaper = "0 0 200 280";

void add_pdf(std::vector<OddFile>& files) {
    const std::string good = one_page(kPaper);
    files.push_back({"pdf", good, {""}});
    for (const int turned : {90, 180, 270, 45})
        files.push_back(
            {"pdf turned " + std::to_string(turned), one_page(kPaper, "", "/Rotate " + std::to_string(turned)), {""}});
    files.push_back({"pdf behind a mail header", std::string(500, '\n') + good, {""}});
    files.push_back({"pdf too far behind", std::string(1500, '\n') + good, {"not_a_package"}});
    files.push_back({"pdf that is a header", "%PDF-1.7\n", {"damaged"}});
    files.push_back({"pdf of nothing but its end", "%PDF-1.7\n%%EOF", {"damaged"}});
    files.push_back({"pdf without pages", pdf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"}), {"damaged"}});
    files.push_back({"pdf without a catalogue", pdf({"<</Type/Nothing>>"}), {"damaged"}});
    files.push_back({"pdf that promises 9000 pages",
                     pdf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 9000>>",
                          "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"}),
                     {"too_many_pages", "", "damaged"}});
    files.push_back({"pdf whose page is missing",
                     pdf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[9 0 R]/Count 1>>"}),
                     {"damaged"}});
    files.push_back({"pdf whose pages run in a ring",
                     pdf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>"}),
                     {"damaged"}});
    std::string many;
    std::vector<std::string> objects{"<</Type/Catalog/Pages 2 0 R>>", ""};
    for (int i = 0; i < 501; ++i) {
        many += std::to_string(i + 3) + " 0 R ";
        objects.push_back("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>");
    }
    objects[1] = "<</Type/Pages/Kids[" + many + "]/Count 501>>";
    files.push_back({"pdf of 501 pages", pdf(objects), {"too_many_pages"}});
    files.push_back({"pdf as large as a house", one_page("0 0 14400 14400"), {"too_many_pixels"}});
    files.push_back({"pdf as long as a street", one_page("0 0 72 200000"), {"too_many_pixels"}});
    files.push_back({"pdf of enormous size", one_page("0 0 1e30 1e30"), {"too_many_pixels", "damaged", ""}});
    files.push_back({"pdf of no size", one_page("0 0 0 0"), {"", "damaged"}});
    files.push_back({"pdf with its box turned round", one_page("200 280 0 0"), {""}});
    files.push_back({"pdf with a box of words", one_page("a b c d"), {"", "damaged"}});
    files.push_back(
        {"pdf that draws itself",
         pdf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
              "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>", stream("/X Do"),
              stream("/X Do /X Do", "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X 5 0 R>>>>")}),
         {""}});
    files.push_back({"pdf whose brackets never close", one_page(kPaper, std::string(5000, '[')), {""}});
    files.push_back({"pdf that saves its state for ever",
                     one_page(kPaper,
                              [] {
                                  std::string q;
                                  for (int i = 0; i < 20000; ++i) q += "q ";
                                  return q;
                              }()),
                     {""}});
    files.push_back({"pdf with a script", one_page(kPaper, "", "", "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), {""}});
    files.push_back({"pdf that wants a program", one_page(kPaper, "", "", "/OpenAction<</S/Launch/F(/bin/sh)>>"), {""}});
    files.push_back({"pdf whose page lies in another file",
                     pdf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                          "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
                          "<</Length 0/F(/etc/passwd)>>stream\n\nendstream"}),
                     {""}});
    files.push_back({"pdf with a picture larger than memory",
                     pdf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                          "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
                          stream("99 0 0 99 0 0 cm /X Do"),
                          stream("x",
                                 "/Type/XObject/Subtype/Image/Width 2000000000/Height 2000000000/BitsPerComponent 8"
                                 "/ColorSpace/DeviceRGB")}),
                     {""}});
    files.push_back({"pdf with Chinese letters it does not carry",
                     pdf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                          "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
                          stream("BT /F 20 Tf 10 40 Td <D3AAD2B5> Tj ET"),
                          "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[6 0 R]>>",
                          "<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
                          "/Supplement 2>>/FontDescriptor 7 0 R>>",
                          "<</Type/FontDescriptor/FontName/SimSun/Flags 6/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800"
                          "/Descent -200/CapHeight 700/StemV 80>>"}),
                     {""}});
    const std::string hash(32, 'x');
    files.push_back({"pdf with a password",
                     one_page(kPaper, "", "", "",
                              "/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O(" + hash + ")/U(" + hash + ")>>/ID[(a)(b)]"),
                     {"encrypted_pdf"}});
    files.push_back({"pdf locked by a stranger's method",
                     one_page(kPaper, "", "", "", "/Encrypt<</Filter/Somebody/V 9>>/ID[(a)(b)]"),
                     {"encrypted_pdf", "damaged"}});
    for (size_t tenth = 1; tenth <= 9; ++tenth)  // readers repair what they can
        files.push_back(
            {"pdf cut at " + std::to_string(tenth) + "/10", good.substr(0, good.size() * tenth / 10), {"", "damaged"}});
    for (std::uint32_t seed = 1; seed <= 12; ++seed)
        files.push_back({"pdf damaged " + std::to_string(seed),
                         damaged(good, seed),
                         {"", "damaged", "encrypted_pdf", "too_many_pixels", "too_many_pages"}});
}

}  // namespace

std::vector<OddFile> odd_documents() {
    std::vector<OddFile> files;
    add_pdf(files);
    const std::string old_office = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(600, '\0');
    const std::string docx = packed({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w/>"}});
    const std::string odt = packed({{"mimetype", "application/vnd.oasis.opendocument.text"}, {"content.xml", "<x/>"}});
    const std::string ofd = packed({{"OFD.xml", "<OFD/>"}});
    struct Other {
        const char *name, *alone, *inside;
        std::string bytes;
    };
    const std::vector<Other> others = {
        {"old office", "office", "office", old_office},
        {"docx", "office", "office", docx},
        {"odt", "office", "office", odt},
        {"ofd", "ofd", "ofd", ofd},
        {"text", "not_a_package", "unsupported", "申请材料见附件"},
        {"web page", "not_a_package", "unsupported", "<!DOCTYPE html><script>alert(1)</script>"},
        {"svg", "not_a_package", "unsupported",
         "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"},
        {"rich text", "not_a_package", "unsupported", "{\\rtf1\\ansi text}"},
        {"program", "not_a_package", "unsupported", std::string("MZ\x90\0\x03\0\0\0", 8) + std::string(200, '\0')},
        {"library", "not_a_package", "unsupported",
         std::string("\x7F"
                     "ELF\x02\x01\x01\0",
                     8) +
             std::string(200, '\0')},
        {"script", "not_a_package", "unsupported", "#!/bin/sh\nrm -rf /\n"},
        {"postscript", "not_a_package", "unsupported", "%!PS-Adobe-3.0\nshowpage\n"},
        {"photoshop", "not_a_package", "unsupported", std::string("8BPS\0\x01", 6) + std::string(30, '\0')},
        {"icon", "not_a_package", "unsupported", std::string("\0\0\x01\0\x01\0", 6) + std::string(30, '\0')},
        {"jpeg 2000", "not_a_package", "unsupported", std::string("\0\0\0\x0CjP  \r\n\x87\n", 12) + std::string(30, '\0')},
        {"gzip", "not_a_package", "unsupported", std::string("\x1F\x8B\x08\0", 4) + std::string(30, '\0')},
        {"tar", "not_a_package", "unsupported", std::string("a.txt") + std::string(252, '\0') + "ustar" + std::string(250, '\0')},
        {"xz", "not_a_package", "unsupported",
         std::string("\xFD"
                     "7zXZ\0",
                     6) +
             std::string(30, '\0')},
        {"windows cabinet", "not_a_package", "unsupported", "MSCF" + std::string(40, '\0')},
        {"magick script", "not_a_package", "unsupported", "push graphic-context\nimage over 0,0 0,0 'ephemeral:/etc/passwd'\n"},
        {"vips matrix", "not_a_package", "unsupported", "3 3\n1 2 3\n4 5 6\n7 8 9\n"},
        {"portable pixmap", "not_a_package", "unsupported", "P6 2 2 255 abcdefghijkl"},
        {"radiance", "not_a_package", "unsupported", "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\nabcd"},
        {"fits", "not_a_package", "unsupported", "SIMPLE  =                    T"},
        {"openexr", "not_a_package", "unsupported", std::string("\x76\x2F\x31\x01\x02\0\0\0", 8)},
        {"one byte", "not_a_package", "unsupported", "P"},
        {"zeroes", "not_a_package", "unsupported", std::string(4096, '\0')},
    };
    for (const auto& [name, alone, inside, bytes] : others) {
        files.push_back({name, bytes, {alone}});
        files.push_back({std::string(name) + " in a package", packed({{"附件", bytes}}), {inside}});
        // A name promises nothing.
        files.push_back({std::string(name) + " that says it is a picture",
                         packed({{"执照.jpg", bytes}, {"好.png", good_png()}}),
                         {inside, ""}});
    }
    return files;
}

}  // namespace sealdesk::tests
