#include "tests/reports/zpl_drawer.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "base/text.h"

namespace sealdesk::reports {
namespace {

// Widths of bar, space, bar … for the values 0 to 106.
constexpr const char* kBars[] = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312", "231212",
    "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131",
    "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121",
    "313121", "211331", "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242", "121142", "121241", "114212",
    "124112", "124211", "411212", "421112", "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",
    "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112"};

// The values of a field of ^BC in mode N: ">:" and ">;" begin in subset B and C, ">5" and ">6" change to C and B.
Result<std::vector<int>> values_of(const std::string& field) {
    std::vector<int> values;
    char subset = 0;
    for (size_t at = 0; at < field.size();) {
        if (field[at] == '>') {
            if (++at >= field.size()) return refused("'>' at the end of " + field);
            const char code = field[at++];
            if (values.empty() && (code == ':' || code == ';')) {
                subset = code == ':' ? 'B' : 'C';
                values.push_back(code == ':' ? 104 : 105);
            } else if (code == '5' || code == '6') {
                subset = code == '5' ? 'C' : 'B';
                values.push_back(code == '5' ? 99 : 100);
            } else if (subset == 'B' && (code == '0' || code == '<' || code == '=')) {
                values.push_back(code == '0' ? 30 : code == '<' ? 62 : 94);
            } else {
                return refused("not known: >" + std::string(1, code));
            }
        } else if (subset == 'C') {
            if (at + 1 >= field.size()) return refused("half a pair in " + field);
            values.push_back(std::atoi(field.substr(at, 2).c_str()));
            at += 2;
        } else if (subset == 'B') {
            values.push_back(field[at++] - ' ');
        } else {
            return refused("no start character in " + field);
        }
    }
    int sum = values.empty() ? 0 : values[0];
    for (size_t i = 1; i < values.size(); ++i) sum += static_cast<int>(i) * values[i];
    values.push_back(sum % 103);
    values.push_back(106);
    return values;
}

// The printer's state between ^XA and ^XZ.
class Printer {
public:
    Result<std::vector<DrawnLabel>> print(const std::string& zpl) {
        size_t at = 0;
        while (at < zpl.size()) {
            if (zpl[at] == '\n' || zpl[at] == '\r') {
                ++at;
                continue;
            }
            if (zpl[at] != '^') return refused(fmt::format("at {}: not a command: {}", at, zpl.substr(at, 20)));
            const size_t end = std::min(zpl.find_first_of("^~", at + 1), zpl.size());
            std::string command = zpl.substr(at + 1, end - at - 1);
            while (!command.empty() && (command.back() == '\n' || command.back() == '\r')) command.pop_back();
            SEALDESK_TRY(one(command));
            at = end;
        }
        if (open_) return refused("^XZ is missing");
        return std::move(labels_);
    }

private:
    std::vector<int> numbers(const std::string& text) const {
        std::vector<int> all;
        for (const std::string& part : split(text, ',')) all.push_back(std::atoi(part.c_str()));
        return all;
    }
    Dots& dots() { return labels_.back().dots; }

    Result<> one(const std::string& command) {
        const std::string name = command.substr(0, 2), rest = command.size() > 2 ? command.substr(2) : "";
        const std::vector<int> n = numbers(rest);
        if (name == "XA") {
            open_ = true;
            width_ = 0;
        } else if (name == "PW") {
            width_ = n[0];
        } else if (name == "LL") {
            labels_.push_back({Dots(width_, n[0]), {}, 0});
        } else if (name == "XZ") {
            open_ = false;
        } else if (name == "LH" || name == "PQ") {
            if (rest != "0,0" && rest != "1") return refused(command);
        } else if (name == "FO") {
            if (n.size() < 2 || n[0] < 0 || n[1] < 0) return refused(command);
            x_ = n[0];
            y_ = n[1];
            hex_ = false;
            kind_ = 0;
        } else if (name == "GB") {
            frame(n[0], n[1], n[2]);
        } else if (name == "GF") {
            return picture(rest);
        } else if (name == "BY") {
            module_ = n[0];
        } else if (name == "BC") {
            height_ = n.at(1);
            kind_ = 'B';
        } else if (name == "FH") {
            hex_ = true;
        } else if (name == "FD") {
            return field(rest);
        } else if (name != "FS") {
            return refused("not known: ^" + command);
        }
        return {};
    }

    void frame(int w, int h, int thick) {
        dots().fill(x_, y_, w, std::min(h, thick));
        dots().fill(x_, y_ + h - std::min(h, thick), w, std::min(h, thick));
        dots().fill(x_, y_, std::min(w, thick), h);
        dots().fill(x_ + w - std::min(w, thick), y_, std::min(w, thick), h);
    }

    Result<> picture(const std::string& rest) {
        const auto parts = split(rest, ',');
        if (parts.size() < 5 || parts[0] != "A" || parts[1] != parts[2]) return refused("^GF" + rest.substr(0, 30));
        const int total = std::atoi(parts[2].c_str()), row_bytes = std::atoi(parts[3].c_str());
        if (row_bytes <= 0 || total % row_bytes != 0) return refused("^GF" + rest.substr(0, 30));
        const size_t digits = static_cast<size_t>(row_bytes) * 2;
        size_t data = 0;
        for (int commas = 0; commas < 4; ++data) commas += rest[data] == ',';
        std::string row, before(digits, '0');
        int run = 0, y = y_;
        const auto flush = [&] {
            for (size_t i = 0; i < digits; ++i) {
                const int nibble = row[i] <= '9' ? row[i] - '0' : row[i] - 'A' + 10;
                for (int bit = 0; bit < 4; ++bit)
                    if ((nibble >> (3 - bit) & 1) != 0) dots().set(x_ + static_cast<int>(i) * 4 + bit, y, true);
            }
            before = row;
            row.clear();
            ++y;
        };
        for (; data < rest.size(); ++data) {
            const char c = rest[data];
            if (c == ':') {
                row = before;
            } else if (c == ',' || c == '!') {
                row.resize(digits, c == ',' ? '0' : 'F');
            } else if (c >= 'G' && c <= 'Y') {
                run += c - 'F';
                continue;
            } else if (c >= 'g' && c <= 'z') {
                run += 20 * (c - 'f');
                continue;
            } else {
                row.append(static_cast<size_t>(std::max(run, 1)), c);
                run = 0;
            }
            if (row.size() > digits) return refused("a row of ^GF is too long");
            if (row.size() == digits) flush();
        }
        if (!row.empty() || y - y_ != total / row_bytes) return refused("^GF has the wrong number of rows");
        ++labels_.back().pictures;
        return {};
    }

    Result<> field(std::string text) {
        if (hex_) {
            std::string plain;
            for (size_t i = 0; i < text.size(); ++i) {
                if (text[i] == '_' && i + 2 < text.size() + 0 && std::isxdigit(static_cast<unsigned char>(text[i + 1]))) {
                    plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
                    i += 2;
                } else {
                    plain += text[i];
                }
            }
            text = plain;
        }
        if (kind_ != 'B') return refused("^FD without a barcode");
        labels_.back().codes.push_back(text);
        SEALDESK_LET(values, values_of(text));
        int x = x_;
        for (const int value : values) {
            bool bar = true;
            for (const char* width = kBars[value]; *width; ++width, bar = !bar) {
                if (bar) dots().fill(x, y_, (*width - '0') * module_, height_);
                x += (*width - '0') * module_;
            }
        }
        return {};
    }

    std::vector<DrawnLabel> labels_;
    bool open_ = false, hex_ = false;
    char kind_ = 0;
    int width_ = 0, x_ = 0, y_ = 0, module_ = 2, height_ = 0;
};

}  // namespace

Result<std::vector<DrawnLabel>> drawn_zpl(const std::string& zpl) { return Printer().print(zpl); }

std::string pbm_of(const Dots& dots) {
    return fmt::format("P4\n{} {}\n", dots.w, dots.h) + std::string(dots.rows.begin(), dots.rows.end());
}

Dots dots_of(const std::string& pbm) {
    int w = 0, h = 0, head = 0;
    if (std::sscanf(pbm.c_str(), "P4 %d %d%n", &w, &h, &head) != 2) return Dots(1, 1);
    Dots dots(w, h);
    dots.rows.assign(pbm.begin() + head + 1, pbm.end());
    return dots;
}

}  // namespace sealdesk::reports
