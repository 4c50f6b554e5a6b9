// Reading rows into variables of known type. (SOCI's dynamic rows take SQLite's INTEGER for 32 bits.)
#pragma once

#include <string>
#include <tuple>

#include "storage/database.h"

namespace sealdesk::storage {

// Runs `text`, with `uses` bound in the order of its placeholders; for each row the variables of `into`
// (std::tie(a, b, …), in the order of the columns) hold the row and `each` is called.
template <class... Into, class Each, class... Uses>
void for_each_row(Tx& tx, const std::string& text, std::tuple<Into&...> into, Each each, const Uses&... uses) {
    soci::statement rows(tx.sql);
    (rows.exchange(soci::use(uses)), ...);
    std::apply([&](auto&... columns) { (rows.exchange(soci::into(columns)), ...); }, into);
    rows.alloc();
    rows.prepare(text);
    rows.define_and_bind();
    for (rows.execute(); rows.fetch();) each();
}

// Runs a statement that gives no rows; returns how many rows it changed.
template <class... Uses>
std::int64_t change(Tx& tx, const std::string& text, const Uses&... uses) {
    soci::statement statement(tx.sql);
    (statement.exchange(soci::use(uses)), ...);
    statement.alloc();
    statement.prepare(text);
    statement.define_and_bind();
    statement.execute(true);
    return statement.get_affected_rows();
}

// One value; `otherwise` when there is no row. The column must not be NULL.
template <class T, class... Uses>
T one(Tx& tx, const std::string& text, T otherwise, const Uses&... uses) {
    T value = otherwise;
    for_each_row(
        tx, text, std::tie(value), [] {}, uses...);
    return value;
}

}  // namespace sealdesk::storage
