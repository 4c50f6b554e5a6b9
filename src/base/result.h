// Result<T>: what every fallible function of SealDesk returns. An Error is a value of few kinds;
// each kind has its own place on screen (src/README.md). Bugs are not errors: they end in assert.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace sealdesk {

enum class ErrorKind {
    refused,      // the input is not acceptable: shown beside the field
    conflict,     // somebody else was faster: dialog with the new facts
    denied,       // this person may not: disabled control with the reason
    unavailable,  // portal, database, printer is away: banner while it lasts
    device,       // the KEY or the printer: shown with the safe next step
    corrupt,      // what came from outside is damaged: placeholder in its place
    internal,     // our own fault: dialog with an incident id
};

struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string message;  // one sentence for the person, in the language of the screen
    std::string detail;   // for the log only: library's words, SQL state, status code
};

template <class T = void>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

inline Failure fail(ErrorKind kind, std::string message, std::string detail = {}) {
    return Failure(Error{kind, std::move(message), std::move(detail)});
}
inline Failure refused(std::string message) { return fail(ErrorKind::refused, std::move(message)); }

const char* name_of(ErrorKind kind);

}  // namespace sealdesk

// Returns the error of a Result<…> expression to the caller, else goes on.
#define SEALDESK_TRY(expression)                                                                                           \
    do {                                                                                                                   \
        if (auto sealdesk_tried = (expression); !sealdesk_tried) return tl::unexpected(std::move(sealdesk_tried).error()); \
    } while (false)

// Declares `name` with the value of a Result<T> expression, or returns its error.
#define SEALDESK_LET(name, expression)                                           \
    auto name##_result = (expression);                                           \
    if (!name##_result) return tl::unexpected(std::move(name##_result).error()); \
    auto name = std::move(*name##_result)
