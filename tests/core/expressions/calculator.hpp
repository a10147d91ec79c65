#pragma once

// A few tags, and what expressions of them give.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <penstock/quality.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

#include "core/expressions/evaluator.hpp"
#include "core/expressions/expression.hpp"
#include "core/expressions/program.hpp"

namespace penstock::expressions::testing {

struct Answer {
    Value value;  // empty where bad
    QualityCode quality = QualityCode::bad;
    std::string cause;
    MonotonicTime due = MonotonicTime::max();
};

class Calculator final : public Scope, public Source {
public:
    struct Tag {
        std::string name, unit;
        Value value;
        QualityCode quality = QualityCode::good;
        std::string cause;
    };

    Calculator& set(std::string name, Value value, std::string unit = {});
    Calculator& spoil(const std::string& name, QualityCode quality, std::string cause);

    // The value of an expression now; of an expression asked for again, the memory goes on.
    [[nodiscard]] Answer ask(const std::string& text);
    [[nodiscard]] std::expected<Expression, Fault> compiled(const std::string& text) { return compile(text, *this, &book_); }
    // value.text(), or "bad: cause", "uncertain 4: cause".
    [[nodiscard]] std::string text(const std::string& expression);
    // "12: sentence (hint)": the fault's place counts from 0; "" for a good expression.
    [[nodiscard]] std::string fault(const std::string& expression);

    // The server ends now and begins again when its monotonic clock says `then`.
    void restart(MonotonicTime then);

    Result<NamedTag> find(std::string_view name) const override;
    void read(std::span<const tags::TagId> tags, ValueType type, std::uint64_t* word, State* state,
              std::string& texts) override;

    MonotonicTime now{std::chrono::seconds(1000)};

private:
    struct Known {
        Expression expression;
        std::vector<std::uint64_t> memory;
    };
    std::vector<Tag> tags_;
    tags::CauseTable causes_;
    ProgramBook book_;
    Evaluator evaluator_{causes_};
    std::map<std::string, Known> known_;
};

}  // namespace penstock::expressions::testing
