#include <string>

#include "core/expressions/evaluating/columns.hpp"

namespace penstock::expressions {
namespace {

std::string_view text_of(const Frame& frame, std::uint64_t word) noexcept {
    return std::string_view(frame.texts).substr(word >> 32U, word & 0xFFFF'FFFFU);
}

// Texts are what can make an evaluation long. False: it has gone beyond its budget.
bool spend(Frame& frame, Column& into, std::size_t i, std::size_t bytes) {
    frame.steps[i] += static_cast<std::uint32_t>(bytes / 16);
    if (frame.steps[i] <= Evaluator::kMostSteps) return true;
    frame.spoil(into, i, "the expression takes more than 10000 steps");
    return false;
}

void join(const Operation& operation, Frame& frame, Column& into, std::size_t i) {
    const auto a = frame.columns[operation.a].word[i];
    const auto b = frame.columns[operation.b].word[i];
    const auto size = (a & 0xFFFF'FFFFU) + (b & 0xFFFF'FFFFU);
    into.word[i] = 0;
    if (size > kMaxValueBytes) return frame.spoil(into, i, "the text is longer than 64 KiB");
    if (!spend(frame, into, i, size)) return;
    // Copies first: they lie in what grows.
    const std::string joined = std::string(text_of(frame, a)).append(text_of(frame, b));
    into.word[i] = std::uint64_t{frame.texts.size()} << 32U | joined.size();
    frame.texts += joined;
}

void put_text(const Operation& operation, Frame& frame, Column& into, std::size_t i) {
    const auto& a = frame.columns[operation.a];
    const auto type = static_cast<ValueType>(operation.c);  // of the operand
    if (type == ValueType::string) {
        into.word[i] = a.word[i];
        return;
    }
    const auto text = Value::from_word(type, a.word[i]).text();
    into.word[i] = std::uint64_t{frame.texts.size()} << 32U | text.size();
    frame.texts += text;
}

}  // namespace

void evaluate_texts(const Operation& operation, Frame& frame, Column& into) {
    const auto& a = frame.columns[operation.a];
    const auto& b = frame.columns[operation.b];
    const auto count = frame.count();
    const bool is_single = operation.op == Op::length || operation.op == Op::to_text;
    if (is_single)
        take_state(a, into, count);
    else
        take_state(a, b, into, count);
    for (std::size_t i = 0; i < count; ++i) {
        switch (operation.op) {
            case Op::join: join(operation, frame, into, i); break;
            case Op::length: into.word[i] = a.word[i] & 0xFFFF'FFFFU; break;
            case Op::to_text: put_text(operation, frame, into, i); break;
            case Op::contains: {
                const auto text = text_of(frame, a.word[i]);
                into.word[i] = 0;
                if (spend(frame, into, i, text.size()))
                    into.word[i] = text.find(text_of(frame, b.word[i])) != std::string_view::npos ? 1 : 0;
                break;
            }
            default: into.word[i] = text_of(frame, a.word[i]) == text_of(frame, b.word[i]) ? 1 : 0; break;  // equal_s
        }
    }
}

}  // namespace penstock::expressions
