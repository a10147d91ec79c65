#pragma once

// The engine under the load that `tagpath` and `tagpath_archived` measure: batches of 1,000 samples, nearly all of them changes, of
// scaled tags in random order.

#include <time.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/abi/plain.hpp>

#include "core/engine/engine.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "tests/bench/bench_report.hpp"

namespace penstock::bench {

inline constexpr std::size_t kRows = 1000;

struct Batch {
    std::vector<std::uint32_t> items;
    std::vector<std::int64_t> times;
    std::vector<StatusWord> statuses = std::vector<StatusWord>(kRows, status_word(QualityCode::good));
    std::vector<std::uint64_t> words;

    [[nodiscard]] abi::Columns columns() const {
        return {kRows, 0, items.data(), times.data(), statuses.data(), words.data(), {}, nullptr};
    }
};

inline constexpr std::int64_t kStart = 1'700'000'000'000'000'000;

// The second half writes the same tags as the first, and other values: what is written is nearly always a change, also when the
// batches are played again.
inline std::vector<Batch> make_batches(std::size_t count, std::uint32_t tags) {
    std::mt19937 random(1);
    std::vector<Batch> batches(count);
    for (std::size_t b = 0; b < count; ++b) {
        for (std::size_t i = 0; i < kRows; ++i) {
            batches[b].items.push_back(b < count / 2 ? static_cast<std::uint32_t>(random() % tags)
                                                     : batches[b - count / 2].items[i]);
            batches[b].times.push_back(kStart + static_cast<std::int64_t>(b) * 1'000'000);
            batches[b].words.push_back(random() % 27649);
        }
    }
    return batches;
}

// Of this thread: other work of the machine weighs less on it.
inline double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

inline std::shared_ptr<const tags::TagCatalog> make_catalog(std::uint32_t count) {
    tags::TagIdStore ids;
    tags::TagCatalogBuilder builder;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto name = "plant.line" + std::to_string(i % 97) + ".value" + std::to_string(i);
        tags::TagDefinition tag;
        tag.name = name;
        tag.device = "plc";
        tag.native_type = ValueType::uint64;
        tag.scaling = tags::Scaling{0, 27648, 0, 100.0 + i % 20, i % 2 == 0};
        tag.range_low = 0;
        tag.range_high = 200;
        if (i % 3 == 0) {
            tag.deadband_kind = tags::DeadbandKind::absolute;
            tag.deadband = 0.001;
        }
        builder.add(tag);
    }
    return builder.build(ids).value();
}

class TagPath {
public:
    explicit TagPath(std::uint32_t tags)
        : engine_(make_catalog(tags), {.started = {utc_from_ns(kStart), monotonic_from_ns(0)}}),
          producer_(engine_.add_producer("plc", 0, {.samples_per_second = 1'000'000'000})) {}

    // Updates per second.
    double run(const std::vector<Batch>& batches, int passes) {
        const auto start = cpu_seconds();
        for (int pass = 0; pass < passes; ++pass) {
            for (const auto& batch : batches) {
                ms_ += 1;
                const Now now{utc_from_ns(kStart + ms_ * 1'000'000), monotonic_from_ns(ms_ * 1'000'000)};
                producer_.publish(batch.columns(), now);
                engine_.run_cycle(now);
            }
        }
        const auto seconds = cpu_seconds() - start;
        return static_cast<double>(batches.size() * kRows) * passes / seconds;
    }

    [[nodiscard]] engine::Engine& engine() noexcept { return engine_; }

    // Everything arrived, nothing was merged, and most of it were changes: else the figure would be of another path.
    [[nodiscard]] bool is_plausible() const {
        const auto counters = engine_.counters();
        return counters.producers[0].merged == 0 && counters.samples == counters.producers[0].samples
               && counters.changes * 10 > counters.samples * 9;
    }

private:
    engine::Engine engine_;
    engine::Producer& producer_;
    std::int64_t ms_ = 0;
};

struct TagPathLoad {
    std::vector<Batch> batches;
    int passes;
};

inline TagPathLoad tag_path_load(std::uint32_t tags, const Options& options) {
    return {make_batches(options.smoke ? 200 : 2000, tags), options.smoke ? 1 : 3};
}

// What is main() of both: a plant of usual size, and a very large one. `measure` prints its figure, and says whether it was one.
inline int run_tag_path(int argc, char** argv, bool (*measure)(std::uint32_t tags, std::string_view metric, const Options&)) {
    const auto options = parse_options(argc, argv);
    const bool small = measure(100'000, "updates_per_s", options);
    const bool large = measure(1'000'000, "updates_per_s_1m_tags", options);
    if (small && large) return 0;
    std::fprintf(stderr, "the engine did not do the work that was measured\n");
    return 1;
}

}  // namespace penstock::bench
