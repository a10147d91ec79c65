// Evaluations per second of 100,000 calculated tags of five operations each, against the same arithmetic as native code on the same
// cells. Both carry the quality: native code that forgets it would be another thing.

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/expressions/evaluator.hpp"
#include "core/expressions/tag_source.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "tests/bench/bench_report.hpp"

namespace penstock {
namespace {

constexpr std::int64_t kStart = 1'700'000'000'000'000'000;

std::shared_ptr<const tags::TagCatalog> make_catalog(std::uint32_t count) {
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
    return builder.build(ids).value();
}

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

// Three tags each, in random order: what a cell costs is reached for, as in a plant.
class Plant {
public:
    explicit Plant(std::uint32_t count) : table_(make_catalog(count), utc_from_ns(kStart)), source_(table_), results_(count) {
        std::mt19937 random(1);
        const ByCatalog scope(table_.catalog());
        const auto by_name = table_.catalog().by_name();
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto a = random() % count;
            const auto b = random() % (count - 2);
            std::string names[3];  // three that differ, or it would be a program of another shape
            names[0] = table_.catalog().name(by_name[a]);
            names[1] = table_.catalog().name(by_name[(a + 1 + b / 2) % count]);
            names[2] = table_.catalog().name(by_name[(a + 1 + b / 2 + 1) % count]);
            expressions_.push_back(expressions::compile('(' + names[0] + " + " + names[1] + ") * 0.5 - " + names[2] + " * "
                                                            + std::to_string(i % 10) + ".25",
                                                        scope, &book_)
                                       .value());
        }
        for (const auto& each : expressions_) instances_.push_back({&each, nullptr});
        for (const auto id : by_name)
            tags::TagTable::store(table_.cell(id), {word_of(static_cast<double>(random() % 1000)), 0, 0, 0,
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

}  // namespace
}  // namespace penstock

int main(int argc, char** argv) {
    using namespace penstock;
    const auto options = bench::parse_options(argc, argv);
    Plant plant(options.smoke ? 2'000 : 100'000);
    plant.evaluate();
    const auto ours = plant.sum();
    plant.native();
    if (std::abs(ours - plant.sum()) > 1e-6 * std::abs(ours) + 1e-6) {
        std::fprintf(stderr, "the two do not compute the same: %.17g and %.17g\n", ours, plant.sum());
        return 1;
    }
    const auto medians = bench::measure(options.runs * 3, [&] { return plant.evaluate(); }, [&] { return plant.native(); });
    bench::print({.bench = "expressions", .metric = "evaluations_per_s", .unit = "1/s", .peer = "native"}, medians,
                 options.runs * 3);
    std::fprintf(stderr, "%zu programs\n", plant.programs());
}
