// Evaluations per second of 100,000 calculated tags of five operations each, through the whole engine: every input changes in every
// cycle, is applied and noted, and each result goes into its tag's cell. Against the same arithmetic as native code on cells like
// these. Both carry the quality: native code that forgets it would be another thing. The second figure is the evaluator alone.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <penstock/sample_batch.hpp>

#include "core/engine/engine.hpp"
#include "core/expressions/evaluator.hpp"
#include "core/expressions/tag_source.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "core/tags/tag_reader.hpp"
#include "tests/bench/bench_report.hpp"

namespace penstock {
namespace {

constexpr std::int64_t kStart = 1'700'000'000'000'000'000;

// Three tags each, in random order: what a cell costs is reached for, as in a plant.
std::vector<std::string> make_expressions(std::uint32_t count) {
    std::mt19937 random(1);
    const auto name = [&](std::size_t i) {
        return "line" + std::to_string(i % count % 97) + ".value" + std::to_string(i % count);
    };
    std::vector<std::string> texts;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto a = random() % count;
        const auto b = random() % (count - 2);  // three that differ, or it would be a program of another shape
        texts.push_back('(' + name(a) + " + " + name(a + 1 + b / 2) + ") * 0.5 - " + name(a + 2 + b / 2) + " * "
                        + std::to_string(i % 10) + ".25");
    }
    return texts;
}

std::shared_ptr<const tags::TagCatalog> make_catalog(std::uint32_t count, const std::vector<std::string>& calculated) {
    tags::TagIdStore ids;
    tags::TagCatalogBuilder builder;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto name = "line" + std::to_string(i % 97) + ".value" + std::to_string(i);
        tags::TagDefinition tag;
        tag.name = name;
        tag.device = "plc";
        tag.native_type = ValueType::float64;
        builder.add(tag);
    }
    for (std::size_t i = 0; i < calculated.size(); ++i) {
        const auto name = "calculated" + std::to_string(i);
        tags::TagDefinition tag;
        tag.name = name;
        tag.expression = calculated[i];
        builder.add(tag);
    }
    return builder.build(ids).value();
}

double start_value(std::uint32_t item) { return item * 37 % 1000; }

class ByCatalog final : public expressions::Scope {
public:
    explicit ByCatalog(const tags::TagCatalog& catalog) : catalog_(catalog) {}
    [[nodiscard]] Result<expressions::NamedTag> find(std::string_view name) const override {
        const auto id = catalog_.find(name);
        if (!id) return fail(ErrorCode::not_found, "there is no tag \"" + std::string(name) + '"');
        return expressions::NamedTag{*id, catalog_.type(*id), {}};
    }

private:
    const tags::TagCatalog& catalog_;
};

// The evaluator and its peer.
class Cells {
public:
    explicit Cells(const std::vector<std::string>& texts)
        : table_(make_catalog(static_cast<std::uint32_t>(texts.size()), {}), utc_from_ns(kStart)),
          source_(table_),
          results_(texts.size()) {
        const ByCatalog scope(table_.catalog());
        for (const auto& text : texts) expressions_.push_back(expressions::compile(text, scope, &book_).value());
        for (const auto& each : expressions_) instances_.push_back({&each, nullptr});
        const auto tags = table_.catalog().tags_of_device(0);
        for (std::uint32_t item = 0; item < tags.size(); ++item)
            tags::TagTable::store(table_.cell(tags[item]), {word_of(start_value(item)), 0, 0, 0,
                                                            tags::CellState::pack_since(0, QualityCode::good, true)});
    }

    double evaluate() {
        const auto seconds = bench::cpu_seconds_of([&] {
            for (std::size_t first = 0; first < instances_.size(); first += expressions::Evaluator::kMost) {
                const auto some =
                    std::span(instances_).subspan(first, std::min(expressions::Evaluator::kMost, instances_.size() - first));
                evaluator_.evaluate(*expressions_[0].program, some, source_, MonotonicTime());
                for (std::size_t i = 0; i < some.size(); ++i) {
                    const auto result = evaluator_.result(i);
                    results_[first + i] = {result.word, result.state};
                }
            }
        });
        return static_cast<double>(instances_.size()) / seconds;
    }
    double native() {
        const auto seconds = bench::cpu_seconds_of([&] {
            for (std::size_t i = 0; i < expressions_.size(); ++i) {
                const auto& each = expressions_[i];
                expressions::State worst = 0;
                double values[3];
                for (std::size_t k = 0; k < 3; ++k) {
                    auto& cell = table_.cell(each.inputs[k]);
                    values[k] = double_of(cell.value.load(std::memory_order_relaxed));
                    const auto quality = cell.since.load(std::memory_order_relaxed) & 0xFFFFU;
                    const auto cause = cell.received.load(std::memory_order_relaxed) & tags::CauseTable::kMaxCauses;
                    const auto state = quality == 0 ? 0 : quality << 20U | cause;
                    if (level(expressions::quality_of(state)) > level(expressions::quality_of(worst))) worst = state;
                }
                const auto result =
                    (values[0] + values[1]) * double_of(each.constants[0]) - values[2] * double_of(each.constants[1]);
                results_[i] = {word_of(result), worst};
            }
        });
        return static_cast<double>(expressions_.size()) / seconds;
    }
    [[nodiscard]] double sum() const {
        double sum = 0;
        for (const auto& each : results_) sum += double_of(each.word);
        return sum;
    }
    [[nodiscard]] std::size_t programs() const { return book_.size(); }

private:
    struct Kept {
        std::uint64_t word = 0;
        expressions::State state = 0;
    };
    tags::TagTable table_;
    expressions::TagSource source_;
    expressions::ProgramBook book_;
    expressions::Evaluator evaluator_{table_.causes()};
    std::vector<expressions::Expression> expressions_;
    std::vector<expressions::Instance> instances_;
    std::vector<Kept> results_;
};

// The engine, with the same tags and expressions.
class Plant {
public:
    explicit Plant(const std::vector<std::string>& texts)
        : items_(static_cast<std::uint32_t>(texts.size())),
          engine_(make_catalog(items_, texts), {.started = now_}),
          producer_(&engine_.add_producer("plc", 0)) {
        evaluate();
        is_first_ = false;
    }

    // Every input has another value than before; at first start_value().
    double evaluate() {
        SampleBatch batch;
        for (std::uint32_t item = 0; item < items_; ++item) {
            batch.add(item, start_value(item) + (is_first_ ? 0 : 1 + passes_ % 2));
            if (batch.size() == 1000 || item + 1 == items_) {
                producer_->publish(batch.columns(), now_);
                batch.clear();
            }
        }
        ++passes_;
        now_.utc += 100ms;
        now_.monotonic += 100ms;
        return items_ / bench::cpu_seconds_of([&] { changes_ = engine_.run_cycle(now_).changes; });
    }
    [[nodiscard]] std::uint64_t changes() const { return changes_; }
    [[nodiscard]] double sum() const {
        const tags::TagReader reader(engine_.table());
        double sum = 0;
        for (const auto tag : engine_.catalog().calculated()) sum += double_of(reader.snapshot(tag).word);
        return sum;
    }

private:
    std::uint32_t items_;
    Now now_{utc_from_ns(kStart), monotonic_from_ns(1'000'000'000)};
    engine::Engine engine_;
    engine::Producer* producer_;
    bool is_first_ = true;
    int passes_ = 0;
    std::uint64_t changes_ = 0;
};

bool is_same(double a, double b) {
    if (std::abs(a - b) <= 1e-6 * std::abs(a) + 1e-6) return true;
    std::fprintf(stderr, "the two do not compute the same: %.17g and %.17g\n", a, b);
    return false;
}

}  // namespace
}  // namespace penstock

int main(int argc, char** argv) {
    using namespace penstock;
    const auto options = bench::parse_options(argc, argv);
    const auto texts = make_expressions(options.smoke ? 2'000 : 100'000);
    Cells cells(texts);
    Plant plant(texts);
    cells.evaluate();
    const auto evaluated = cells.sum();
    cells.native();
    if (!is_same(evaluated, cells.sum()) || !is_same(plant.sum(), cells.sum())) return 1;
    const auto runs = options.runs * 3;
    const auto whole = bench::measure(runs, [&] { return plant.evaluate(); }, [&] { return cells.native(); });
    bench::print({.bench = "expressions", .metric = "evaluations_per_s", .unit = "1/s", .peer = "native"}, whole, runs);
    const auto alone = bench::measure(runs, [&] { return cells.evaluate(); }, [&] { return cells.native(); });
    bench::print({.bench = "expressions", .metric = "evaluator_alone_per_s", .unit = "1/s", .peer = "native"}, alone, runs);
    std::fprintf(stderr, "%zu programs, %llu changes in the last cycle\n", cells.programs(),
                 static_cast<unsigned long long>(plant.changes()));
}
