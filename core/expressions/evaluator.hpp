#pragma once

// Evaluates many expressions of one program at a time, operation by operation over columns: what one of them costs is arithmetic, not
// the finding out of what to do.
//
//     Evaluator evaluator(causes);
//     evaluator.evaluate(program, instances, source, now);
//     for (std::size_t i = 0; i < instances.size(); ++i) take(evaluator.result(i));
//
// Quality: a result is as bad as the worst input that was used for it, with the cause of the first such; `and`, `or` and `if` use
// what decides them. A result that is no number (1 / 0, the root of -1) is bad and says so. One thread at a time.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <penstock/quality.hpp>
#include <penstock/time.hpp>

#include "core/expressions/expression.hpp"
#include "core/expressions/program.hpp"
#include "core/tags/cause_table.hpp"

namespace penstock::expressions {

// Quality and cause in one word; 0 = good.
using State = std::uint64_t;
[[nodiscard]] constexpr State make_state(QualityCode quality, tags::CauseId cause) noexcept {
    return static_cast<State>(quality) << 20U | cause;
}
[[nodiscard]] constexpr QualityCode quality_of(State state) noexcept { return static_cast<QualityCode>(state >> 20U); }
[[nodiscard]] constexpr tags::CauseId cause_of(State state) noexcept {
    return static_cast<tags::CauseId>(state & tags::CauseTable::kMaxCauses);
}

// One expression at its place in the plant. `memory`: Program::state_words() words, zero at first, kept by the caller.
struct Instance {
    const Expression* expression = nullptr;
    std::uint64_t* memory = nullptr;
};

// Where inputs come from: the tag table, a station's cache, a test.
class Source {
public:
    // The values of tags[i] into word[i] and state[i]; a text is appended to `texts`, its word is offset << 32 | length.
    virtual void read(std::span<const tags::TagId> tags, ValueType type, std::uint64_t* word, State* state,
                      std::string& texts) = 0;

protected:
    ~Source() = default;
};

struct Outcome {
    std::uint64_t word = 0;  // of a bad result: meaningless
    State state = 0;
    std::string_view text;  // of a string; valid until the next evaluate()
    MonotonicTime due = MonotonicTime::max();  // it changes then though no input does; max: not by itself
};

class Evaluator final {
public:
    static constexpr std::size_t kMost = 128;  // instances at a time
    // What texts may cost an evaluation; beyond, the result is bad. A step is an operation or 16 bytes of text.
    static constexpr std::uint32_t kMostSteps = 10'000;

    explicit Evaluator(tags::CauseTable& causes);
    ~Evaluator();
    Evaluator(const Evaluator&) = delete;
    Evaluator& operator=(const Evaluator&) = delete;

    // All instances are of `program`; at most kMost.
    void evaluate(const Program& program, std::span<const Instance> instances, Source& source, MonotonicTime now);
    [[nodiscard]] Outcome result(std::size_t instance) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace penstock::expressions
