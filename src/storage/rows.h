// Reading rows into variables of known type. (SOCI's dynamic rows take SQLite's INTEGER for 32 bits.)
#pragma once

#include <memory>
#include <string>
#include <tuple>

#include "storage/database.h"

namespace sealdesk::storage {

// A statement with its values bound, as long as they are in scope.
class Bound {
public:
    template <class... Uses>
    Bound(Tx& tx, const std::string& text, const Uses&... uses)
        : statements_(tx.statements), text_(text), statement_(statements_.take(text)) {
        (statement_->exchange(soci::use(uses)), ...);
    }
    soci::statement* operator->() { return statement_.get(); }
    // It has run to its end. One that was broken off, by an exception, is not used again.
    void finished() { statements_.put_back(text_, std::move(statement_)); }

private:
    Statements& statements_;
    const std::string& text_;
    std::unique_ptr<soci::statement> statement_;
};

// Runs `text`, with `uses` bound in the order of its placeholders; for each row the variables of `into`
// (std::tie(a, b, …), in the order of the columns) hold the row and `each` is called.
template <class... Into, class Each, class... Uses>
void for_each_row(Tx& tx, const std::string& text, std::tuple<Into&...> into, Each each, const Uses&... uses) {
    Bound rows(tx, text, uses...);
    std::apply([&](auto&... columns) { (rows->exchange(soci::into(columns)), ...); }, into);
    rows->define_and_bind();
    for (rows->execute(); rows->fetch();) each();
    rows.finished();
}

// Runs a statement that gives no rows; returns how many rows it changed.
template <class... Uses>
std::int64_t change(Tx& tx, const std::string& text, const Uses&... uses) {
    Bound statement(tx, text, uses...);
    statement->define_and_bind();
    statement->execute(true);
    const std::int64_t changed = statement->get_affected_rows();
    statement.finished();
    return changed;
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
