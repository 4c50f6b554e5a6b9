#include "panels/order_words.h"

#include "base/translate.h"

namespace sealdesk::panels {

using orders::OrderKind;
using orders::State;

kit::Chip kind_chip(OrderKind kind, orders::ReplacementCause cause) {
    const char* word = word_of(kind);
    switch (kind) {
        case OrderKind::create: return {word, kit::Tone::blue};
        case OrderKind::replacement:
            if (cause == orders::ReplacementCause::none) return {word, kit::Tone::orange};
            return {trf("{} · {}", word, word_of(cause)), kit::Tone::orange};
        case OrderKind::renewal: return {word, kit::Tone::green};
        case OrderKind::change: return {word, kit::Tone::amber};
    }
    return {word, kit::Tone::plain};
}

kit::Chip state_chip(State state) {
    const char* word = word_of(state);
    switch (state) {
        case State::paid: return {word, kit::Tone::amber};
        case State::rejected:
        case State::refunded: return {word, kit::Tone::red};
        case State::approved:
        case State::issued:
        case State::packed: return {word, kit::Tone::blue};
        case State::completed: return {word, kit::Tone::green};
    }
    return {word, kit::Tone::plain};
}

std::string short_yuan(Fen amount) {
    std::string words = yuan_on_screen(amount);
    if (words.ends_with(".00")) words.resize(words.size() - 3);
    return words;
}

}  // namespace sealdesk::panels
