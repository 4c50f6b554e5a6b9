#include "seals/der.h"

#include "base/translate.h"

namespace sealdesk::seals {

namespace {

constexpr unsigned kBoolean = 1, kInteger = 2, kBitString = 3, kNull = 5, kObject = 6, kSequence = 16, kSet = 17;
constexpr int kDeepest = 12;
constexpr size_t kMostElements = 20'000;

unsigned char byte_at(std::string_view bytes, size_t at) { return static_cast<unsigned char>(bytes[at]); }

Failure damaged(std::string sentence) { return fail(ErrorKind::corrupt, std::move(sentence)); }

Result<Element> next_element(std::string_view bytes, size_t offset) {
    if (bytes.size() < 2) return damaged(trf("印章数据不完整：在第 {} 字节处中断", offset));
    Element element;
    element.tag = byte_at(bytes, 0);
    if (element.tag == 0) return damaged(trf("印章数据不是 DER 编码：第 {} 字节的类型为空", offset));
    if ((element.tag & 0x1f) == 0x1f) return damaged(trf("印章数据不是 DER 编码：第 {} 字节的类型不认识", offset));
    size_t length = byte_at(bytes, 1), head = 2;
    if (length == 0x80) return damaged(trf("印章数据不是 DER 编码：第 {} 字节用了不定长", offset));
    if (length > 0x80) {
        const size_t count = length & 0x7f;
        if (count > 4) return damaged(trf("印章数据已损坏：第 {} 字节的长度过大", offset));
        if (bytes.size() < 2 + count) return damaged(trf("印章数据不完整：在第 {} 字节处中断", offset + bytes.size()));
        length = 0;
        for (size_t i = 0; i < count; ++i) length = length << 8 | byte_at(bytes, 2 + i);
        if (length < 0x80 || byte_at(bytes, 2) == 0)
            return damaged(trf("印章数据不是 DER 编码：第 {} 字节的长度不是最短写法", offset));
        head += count;
    }
    if (length > bytes.size() - head)
        return damaged(trf("印章数据不完整：第 {} 字节起应有 {} 字节，只剩 {} 字节", offset, length, bytes.size() - head));
    element.whole = bytes.substr(0, head + length);
    element.content = bytes.substr(head, length);
    return element;
}

Result<> check_primitive(const Element& element, size_t offset) {
    const std::string_view content = element.content;
    const unsigned type = element.tag;
    bool good = true;
    if (type == kBoolean) good = content.size() == 1 && (byte_at(content, 0) == 0 || byte_at(content, 0) == 0xff);
    if (type == kInteger)
        good = !content.empty() && (content.size() == 1 || !((byte_at(content, 0) == 0 && byte_at(content, 1) < 0x80) ||
                                                             (byte_at(content, 0) == 0xff && byte_at(content, 1) >= 0x80)));
    if (type == kNull) good = content.empty();
    if (type == kObject) {
        good = !content.empty() && byte_at(content, content.size() - 1) < 0x80;
        for (size_t i = 0; good && i < content.size(); ++i)
            good = byte_at(content, i) != 0x80 || (i > 0 && byte_at(content, i - 1) >= 0x80);
    }
    if (type == kBitString) good = !content.empty() && byte_at(content, 0) == 0;  // whole bytes only, in every field of a seal
    if (type == kSequence || type == kSet) good = false;                          // these are always constructed
    if (!good) return damaged(trf("印章数据不是 DER 编码：第 {} 字节的值写法不正确", offset));
    return {};
}

Result<> check_all(std::string_view bytes, size_t offset, int depth, size_t& count) {
    if (depth > kDeepest) return damaged(trf("印章数据已损坏：第 {} 字节处嵌套太深", offset));
    while (!bytes.empty()) {
        if (++count > kMostElements) return damaged(tr("印章数据已损坏：元素太多"));
        SEALDESK_LET(element, next_element(bytes, offset));
        const bool constructed = (element.tag & 0x20) != 0, universal = (element.tag & 0xc0) == 0;
        const unsigned type = element.tag & 0x1f;
        if (constructed) {
            if (universal && type != kSequence && type != kSet)
                return damaged(trf("印章数据不是 DER 编码：第 {} 字节的值写法不正确", offset));
            SEALDESK_TRY(check_all(element.content, offset + (element.whole.size() - element.content.size()), depth + 1, count));
        } else if (universal) {
            SEALDESK_TRY(check_primitive(element, offset));
        }
        offset += element.whole.size();
        bytes.remove_prefix(element.whole.size());
    }
    return {};
}

}  // namespace

Result<std::vector<Element>> elements_of(std::string_view bytes, size_t offset) {
    std::vector<Element> list;
    while (!bytes.empty()) {
        if (list.size() >= kMostElements) return damaged(tr("印章数据已损坏：元素太多"));
        SEALDESK_LET(element, next_element(bytes, offset));
        list.push_back(element);
        offset += element.whole.size();
        bytes.remove_prefix(element.whole.size());
    }
    return list;
}

Result<> check_der(std::string_view bytes) {
    SEALDESK_LET(first, next_element(bytes, 0));
    if (first.whole.size() != bytes.size()) return damaged(trf("印章数据后面多出 {} 字节", bytes.size() - first.whole.size()));
    size_t count = 0;
    return check_all(bytes, 0, 0, count);
}

}  // namespace sealdesk::seals
