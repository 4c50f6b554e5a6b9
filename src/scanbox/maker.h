// Makes the packages of the demo and the tests: real archives with drawn and worn scans, from a JSON recipe
//   {"packages":[{"out":"DD1.zip","format":"zip","names":"gbk","pages":[
//     {"template":"application_unit","file":"申请表.jpg","as":"jpeg","fields":{"name":"…"},"seal":"…有限公司","skew":0.7,
//      "noise":8,"blur":0,"dpi":150},
//     {"file":"材料.pdf","as":"pdf","pages":[{"template":…},{"template":…}]}]}]}
// format: zip, 7z, or jpeg png tiff pdf for a bare file (tiff and pdf take all pages). names: utf8 or gbk (zip: raw
// GBK without the UTF-8 flag).
// Templates and their fields (all text; what is missing stays blank):
//   application_unit      order date kind(新办 补办 续期 变更) name uscc legal_person legal_id address handler mobile
//                         handler_id years quantity invoice_title delivery
//   application_person    order date kind name sex id_number mobile profession unit uscc years quantity delivery
//   business_licence      name uscc serial type legal_person scope capital established term address issued
//   identity_card         both sides copied on A4: name sex nation birth address id_number authority valid
//   identity_card_front, identity_card_back    the same as photographs of one side
//   loss_statement        centre statement name date handler mobile
//   seal_sheet            name uscc handler date; scan it at 300 dpi
// The same recipe gives the same pixels. Invented people and companies only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sealdesk::scanbox {

struct Sheet {
    std::string form;  // assets/forms/<form>.svg
    std::map<std::string, std::string> fields;
    std::string seal;  // name on the ring; empty: none
    double skew = 0;   // degrees
    double noise = 4;  // standard deviation, grey levels
    double blur = 0;   // px
    int dpi = 150;
    std::uint32_t seed = 1;
};

struct MadeFile {
    std::string name;  // UTF-8
    std::string as = "jpeg";
    std::vector<Sheet> sheets;
};

struct MadePackage {
    std::filesystem::path out;
    std::string format = "zip";
    std::string names = "utf8";
    std::vector<MadeFile> files;
};

// Refused with a sentence that names the package. Relative `out` paths start at `folder`.
Result<std::vector<MadePackage>> read_recipe(std::string_view json, const std::filesystem::path& folder);

// Once, before threads.
bool start_drawing();
// One package; several threads may make different packages. `forms` holds the templates.
Result<> make_package(const MadePackage& package, const std::filesystem::path& forms);

}  // namespace sealdesk::scanbox
