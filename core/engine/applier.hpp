#pragma once

// Brings samples into the tag table: the engine's inner loop.

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include <penstock/quality.hpp>
#include <penstock/time.hpp>

#include "core/engine/batch.hpp"
#include "core/engine/capture.hpp"
#include "core/engine/recipe.hpp"
#include "core/engine/watch.hpp"
#include "core/tags/tag_table.hpp"

namespace penstock::engine {

// Rules, per sample:
// - A bad one keeps value and source time of the tag; quality, cause and `since` change.
// - Others are converted, scaled and clamped. One that does not fit the tag's type is bad_out_of_range.
// - Outside the range: uncertain_range_exceeded, unless the sample says worse. Source time further off than the tag allows:
//   kept, uncertain_source_time.
// - It counts as a change if quality or cause differ or the value does: in any bit, or by more than the deadband where
//   there is one. Without a change the cell only gets the newer times. A value within the deadband is not taken over, or
//   many small steps would go unseen.
// - A change is noted for those who depend on the tag (watch.hpp): of quality or cause always, of a number outside its quiet band.
//
// All [engine].
class Applier final {
public:
    // Both must outlive it.
    Applier(tags::TagTable& table, Watch& watch);

    // What a batch's item numbers mean; for one device.
    struct Route {
        tags::TagId tag;
        std::uint32_t recipe : 30;
        std::uint32_t capture : 2;  // CaptureMode
    };
    using Routes = std::vector<Route>;
    [[nodiscard]] const Routes& routes(std::size_t device_index) const { return routes_[device_index]; }

    // Writes down what the tags take over from now on: changes under the sample's source time (receive time if that is further
    // off than the tag allows), bad ones under their receive time, because the tag keeps its old one. Before the engine runs.
    void set_capture(Capture& capture, const std::function<CaptureMode(tags::TagId)>& mode_of);

    // The tags that apply_calculated() speaks of by number, and of which type their results are. Once, before set_capture().
    struct CalculatedTag {
        tags::TagId tag;
        ValueType result;
    };
    void set_calculated(std::span<const CalculatedTag> tags);

    // The table was filled otherwise: counts anew, and captures what memory tags are. Before the engine runs.
    void start_from_table(UtcTime now);

    // All rows; item numbers are below routes.size(). The tags that changed are the ring's positions in between, which is where
    // alarms and journal look.
    void apply(const Routes& routes, const Batch& batch);

    // A value of the tag's own type into a memory tag. Its range has been checked. False: no memory for a text of this size.
    [[nodiscard]] bool apply_memory(tags::TagId tag, const Value& value, UtcTime now);

    // A result. A bad one keeps the tag's value, as everywhere.
    struct Calculated {
        std::uint32_t number;  // of the tag, in set_calculated()
        QualityCode quality;
        tags::CauseId cause;
        std::uint64_t word;
        std::string_view text;  // of strings, instead of the word
        std::int64_t time;  // source time: of its newest input; 0: now
    };
    void apply_calculated(std::span<const Calculated> results, UtcTime now);

    [[nodiscard]] std::uint64_t tags_bad() const noexcept { return tags_bad_.load(std::memory_order_relaxed); }  // [any-thread]

private:
    struct Arrival;  // of a batch: when
    struct Block;  // of rows: what they mean
    struct Sample;
    [[gnu::always_inline]] void fetch(const Routes& routes, const Batch& batch, std::size_t row, Block& block) const;
    void apply_block(const Block& block, const Batch& batch, std::size_t row, const Arrival& arrival);
    void apply_all_bad(const Routes& routes, const Batch& batch, const Arrival& arrival);
    [[gnu::always_inline]] bool apply_plain(Route route, std::uint64_t raw, std::int64_t time, const Arrival& arrival);
    [[gnu::noinline]] void apply_row(Route route, Sample sample, const Batch& batch, const Arrival& arrival);
    [[gnu::always_inline]] void apply_number(Route route, const Recipe& recipe, Sample sample, std::uint64_t word,
                                             double number, const Arrival& arrival);
    void apply_blob(Route route, const Recipe& recipe, Sample sample, std::string_view bytes, const Arrival& arrival);
    void apply_bad(Route route, QualityCode quality, tags::CauseId cause, const Arrival& arrival);
    void apply_unfit(Route route, const Recipe& recipe, const Arrival& arrival);
    // The time under which the sample is archived.
    [[gnu::always_inline]] std::int64_t check_time(const Recipe& recipe, Sample& sample, const Arrival& arrival) const;
    [[gnu::always_inline]] void capture(Route route, bool is_change, std::int64_t time, QualityCode quality,
                                        tags::CauseId cause, std::uint64_t word);
    void capture_blob(Route route, bool is_change, std::int64_t time, const Sample& sample, std::string_view bytes);
    void capture_memory(tags::TagId tag, const Value& value, QualityCode quality, tags::CauseId cause, const Arrival& arrival);
    void count_all_bad();
    [[nodiscard]] tags::CauseId range_cause(std::uint32_t recipe);
    [[nodiscard]] tags::CauseId cause_of_bad(const Sample& sample);
    [[gnu::always_inline]] void count_bad(std::uint64_t old_since, std::uint64_t since);
    void intern_causes(const Batch& batch);

    tags::TagTable& table_;
    Watch& watch_;
    std::vector<Recipe> recipes_;
    std::vector<tags::CauseId> range_causes_;  // by recipe; kNoCause = not needed yet
    std::vector<Routes> routes_;  // by device
    Routes calculated_;  // by number
    Capture* capture_ = nullptr;
    std::vector<CaptureMode> memory_modes_;  // by tag, of memory tags; empty without capture
    std::vector<tags::CauseId> batch_causes_;  // of the batch at hand: [0] = none, [n] = its n-th text
    tags::CauseId time_cause_;
    std::atomic<std::uint64_t> tags_bad_{0};
};

}  // namespace penstock::engine
