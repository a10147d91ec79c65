#include "tests/core/expressions/calculator.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace penstock::expressions::testing {

Calculator& Calculator::set(std::string name, Value value, std::string unit) {
    const auto known = std::ranges::find(tags_, name, &Tag::name);
    if (known == tags_.end()) {
        tags_.push_back({std::move(name), std::move(unit), std::move(value), QualityCode::good, {}});
    } else {
        known->value = std::move(value);
        known->quality = QualityCode::good;
    }
    return *this;
}

Calculator& Calculator::spoil(const std::string& name, QualityCode quality, std::string cause) {
    auto& tag = *std::ranges::find(tags_, name, &Tag::name);
    tag.quality = quality;
    tag.cause = std::move(cause);
    return *this;
}

void Calculator::restart(MonotonicTime then) {
    for (auto& [text, known] : known_) {
        turn_times(*known.expression.program, known.memory, now);
        turn_times(*known.expression.program, known.memory, then);
    }
    now = then;
}

Result<NamedTag> Calculator::find(std::string_view name) const {
    const auto known = std::ranges::find(tags_, name, &Tag::name);
    if (known == tags_.end()) return fail(ErrorCode::not_found, "there is no tag \"" + std::string(name) + '"');
    return NamedTag{static_cast<tags::TagId>(known - tags_.begin()), known->value.type(), known->unit};
}

void Calculator::read(std::span<const tags::TagId> tags, ValueType type, std::uint64_t* word, State* state,
                      std::string& texts) {
    for (std::size_t i = 0; i < tags.size(); ++i) {
        const auto& tag = tags_[tags[i]];
        state[i] = tag.quality == QualityCode::good ? 0 : make_state(tag.quality, causes_.intern(tag.cause));
        if (type != ValueType::string) {
            word[i] = tag.value.word();
            continue;
        }
        const auto blob = tag.value.blob();
        word[i] = std::uint64_t{texts.size()} << 32U | blob.size();
        texts += blob;
    }
}

Answer Calculator::ask(const std::string& text) {
    auto known = known_.find(text);
    if (known == known_.end()) {
        auto made = compiled(text);
        if (!made) {
            ADD_FAILURE() << text << ": " << made.error().sentence;
            return {};
        }
        known = known_.emplace(text, Known{*std::move(made), {}}).first;
        known->second.memory.resize(known->second.expression.program->state_words());
    }
    auto& [expression, memory] = known->second;
    const Instance instance{&expression, memory.data()};
    evaluator_.evaluate(*expression.program, std::span(&instance, 1), *this, now);
    const auto outcome = evaluator_.result(0);
    Answer answer;
    answer.quality = quality_of(outcome.state);
    answer.cause = causes_.text(cause_of(outcome.state));
    answer.due = outcome.due;
    if (is_bad(answer.quality)) return answer;
    answer.value = expression.type == ValueType::string ? Value(outcome.text) : Value::from_word(expression.type, outcome.word);
    return answer;
}

std::string Calculator::text(const std::string& expression) {
    const auto answer = ask(expression);
    if (is_good(answer.quality)) return answer.value.text();
    const auto cause = answer.cause.empty() ? std::string() : ": " + answer.cause;
    return is_bad(answer.quality) ? "bad" + cause : "uncertain " + answer.value.text() + cause;
}

std::string Calculator::fault(const std::string& expression) {
    const auto made = compiled(expression);
    if (made) return {};
    auto text = std::to_string(made.error().offset) + ": " + made.error().sentence;
    if (!made.error().hint.empty()) text += " (" + made.error().hint + ')';
    return text;
}

}  // namespace penstock::expressions::testing
