// Taxes: what an invoice prints for each thing that is sold, and its rate on a day. Read from
// data/taxes.toml once; a value, may be shared between threads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace sealdesk::invoices {

enum class Item { certificate, key, freight, handling_fee };
const char* name_of(Item item);  // "certificate": file, JSON
const char* word_of(Item item);  // 数字证书

struct TaxRate {
    Item item = Item::certificate;
    std::string printed;  // *信息技术服务*数字证书服务
    std::string unit;     // 项, 个
    std::string code;     // of the tax classification, 19 digits: an invoice service asks for it; may be empty
    int rate_per_mille = 0;
    Day from, until;  // both inclusive
};

struct Seller {
    std::string name, tax_number;
};

struct Taxes {
    Seller seller;
    std::vector<TaxRate> rates;

    // Refused when no rate is valid on that day.
    Result<TaxRate> of(Item item, Day day) const;
};

// Refuses a missing or misspelt field, a rate outside 0 to 200 per mille and periods of one item that overlap,
// each with the file's name.
Result<Taxes> load_taxes(const std::filesystem::path& path);

}  // namespace sealdesk::invoices
