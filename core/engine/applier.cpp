#include "core/engine/applier_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/engine/blob_check.hpp"

namespace penstock::engine {
namespace {

using tags::CauseId;
using tags::CellState;
using tags::TagCell;
using tags::TagTable;

constexpr std::string_view kTimeText = "the device's time stamp is further off than the tag allows";
constexpr std::string_view kNoResultText = "the expression has no result yet";
constexpr std::size_t kBlock = 32;
constexpr auto kPlain = status_word(QualityCode::good);  // and no text
constexpr auto kGood = CellState::pack_since(0, QualityCode::good, true);

// Without a branch between the two: which tags have a deadband is not to be foretold.
bool is_same_or_close(const Recipe& recipe, std::uint64_t old_word, std::uint64_t word, double number) {
    const auto change = std::abs(number - number_of(recipe.type, old_word));
    const bool is_close = change <= recipe.deadband;  // false for NaN, for infinities that differ, and without a deadband
    return (old_word == word) | is_close;
}

// Distances of times from 1677 and 2262 do not fit 64 signed bits; as unsigned ones they do.
std::uint64_t distance(std::int64_t a, std::int64_t b) {
    const auto up = static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b);
    return a > b ? up : 0 - up;
}

}  // namespace

struct Applier::Block {
    std::array<Route, kBlock> routes;
    std::size_t size;
};

Applier::Applier(TagTable& table, Watch& watch) : table_(table), watch_(watch), time_cause_(table.causes().intern(kTimeText)) {
    const auto& catalog = table.catalog();
    RecipeBook book;
    routes_.resize(catalog.devices().size());
    for (std::size_t device = 0; device < routes_.size(); ++device) {
        const auto tags = catalog.tags_of_device(device);
        routes_[device].reserve(tags.size());
        for (const auto tag : tags) {
            const auto recipe = book.add(make_recipe(catalog.view(tag)));  // as many as tags at most: they fit 30 bits
            routes_[device].push_back({tag, recipe & 0x3FFF'FFFFU, 0});
        }
    }
    recipes_ = book.take();
    range_causes_.resize(recipes_.size(), tags::kNoCause);
    count_all_bad();
}

void Applier::set_capture(Capture& capture, const std::function<CaptureMode(tags::TagId)>& mode_of) {
    capture_ = &capture;
    for (auto& routes : routes_) {
        for (auto& route : routes) route.capture = static_cast<std::uint32_t>(mode_of(route.tag)) & 3U;
    }
    const auto& catalog = table_.catalog();
    memory_modes_.assign(catalog.id_limit(), CaptureMode::off);
    for (const auto tag : catalog.by_name()) {
        if (const auto view = catalog.view(tag); view.is_memory() || view.is_system) memory_modes_[tag] = mode_of(tag);
    }
    for (auto& route : calculated_) route.capture = static_cast<std::uint32_t>(mode_of(route.tag)) & 3U;
}

void Applier::intern_causes(const Batch& batch) {
    batch_causes_.assign(1, tags::kNoCause);
    for (std::size_t i = 0; i < batch.cause_ends.size(); ++i) batch_causes_.push_back(table_.causes().intern(batch.cause(i)));
}

// Rows go through in blocks: while one is applied, the cells and versions of the next come nearer to the processor. Without that
// nearly every row would wait for memory.
void Applier::apply(const Routes& routes, const Batch& batch) {
    const Arrival arrival(batch.received.utc);
    if (batch.all_bad) apply_all_bad(routes, batch, arrival);
    intern_causes(batch);
    Block even, odd;
    fetch(routes, batch, 0, even);
    for (std::size_t row = 0; row < batch.size(); row += 2 * kBlock) {
        fetch(routes, batch, row + kBlock, odd);
        apply_block(even, batch, row, arrival);
        fetch(routes, batch, row + 2 * kBlock, even);
        apply_block(odd, batch, row + kBlock, arrival);
    }
}

inline void Applier::fetch(const Routes& routes, const Batch& batch, std::size_t row, Block& block) const {
    const auto* items = batch.items.data() + row;
    block.size = row < batch.size() ? std::min(kBlock, batch.size() - row) : 0;
    const auto later = row + 2 * kBlock < batch.size() ? kBlock : 0;  // whose routes come nearer already
    for (std::size_t i = 0; i < block.size; ++i) {
        __builtin_prefetch(&routes[items[i + later]]);
        block.routes[i] = routes[items[i]];
        table_.prefetch(block.routes[i].tag);
    }
}

inline void Applier::apply_block(const Block& block, const Batch& batch, std::size_t row, const Arrival& arrival) {
    const auto* times = batch.times.empty() ? nullptr : batch.times.data() + row;
    const auto* statuses = batch.statuses.data() + row;
    const auto* words = batch.words.data() + row;
    if (capture_ != nullptr) capture_->reserve(kBlock);
    for (std::size_t i = 0; i < block.size; ++i) {
        const auto time = times == nullptr ? 0 : times[i];
        if (statuses[i] == kPlain && apply_plain(block.routes[i], words[i], time, arrival)) [[likely]]
            continue;
        const auto cause = batch_causes_[status_cause(statuses[i])];
        apply_row(block.routes[i], {words[i], status_quality(statuses[i]), cause, time}, batch, arrival);
    }
}

// What nearly all samples are: good, without a text, a number within the range and in time for a tag of doubles that is good
// already, so that only value and times are new. False, and nothing is done, where one of that is not so: apply_row() knows all
// cases, at nearly twice the cost.
inline bool Applier::apply_plain(Route route, std::uint64_t raw, std::int64_t time, const Arrival& arrival) {
    const auto& recipe = recipes_[route.recipe];
    double number = 0;
    switch (recipe.step) {
        case Step::copy_double: number = double_of(raw); break;
        case Step::int_to_double: number = static_cast<double>(static_cast<std::int64_t>(raw)); break;
        case Step::uint_to_double: number = static_cast<double>(raw); break;
        default: return false;
    }
    if (recipe.is_scaled) number = scale(recipe, number);
    number = clamp(recipe, number);
    if (!(number >= recipe.range_low && number <= recipe.range_high) && recipe.has_range) [[unlikely]]
        return false;
    const auto source_time = time == 0 ? arrival.ns : time;
    if (distance(source_time, arrival.ns) > static_cast<std::uint64_t>(recipe.tolerance_ns)) [[unlikely]]
        return false;
    auto& cell = table_.cell(route.tag);
    const auto since = relaxed(cell.since);
    if ((since & kStateBits) != kGood || (relaxed(cell.received) & kCauseBits) != tags::kNoCause) [[unlikely]]
        return false;
    const auto word = recipe.makes_double ? word_of(number) : raw;
    const auto old_word = relaxed(cell.value);
    const bool is_close = std::abs(number - double_of(old_word)) <= recipe.deadband;
    const bool is_change = !((old_word == word) | is_close);
    const auto received = CellState::pack_received(arrival.ms, tags::kNoCause);
    const auto taken = is_change ? word : old_word;
    TagTable::store(cell,
                    {taken, is_change ? raw : relaxed(cell.raw), static_cast<std::uint64_t>(source_time), received, since});
    if (is_change) {
        table_.mark_changed(route.tag);
        if (!Watch::is_quiet(cell, number)) [[unlikely]]
            watch_.note(route.tag);
    }
    capture(route, is_change, time == 0 ? arrival.archived : time, QualityCode::good, tags::kNoCause, taken);
    return true;
}

void Applier::apply_row(Route route, Sample sample, const Batch& batch, const Arrival& arrival) {
    if (is_bad(sample.quality)) return apply_bad(route, sample.quality, cause_of_bad(sample), arrival);
    const auto& recipe = recipes_[route.recipe];
    auto word = sample.raw;
    double number = 0;
    switch (recipe.step) {
        case Step::copy_double: number = double_of(word); break;
        case Step::int_to_double: number = static_cast<double>(static_cast<std::int64_t>(word)); break;
        case Step::uint_to_double: number = static_cast<double>(word); break;
        case Step::copy_integer: number = number_of(recipe.type, word); break;
        case Step::convert:
            if (!to_tag_type(recipe, sample.raw, word)) return apply_unfit(route, recipe, arrival);
            number = number_of(recipe.type, word);
            break;
        case Step::copy_blob: return apply_blob(route, recipe, sample, batch.blob_at(word), arrival);
        case Step::impossible: return apply_unfit(route, recipe, arrival);
    }
    if (recipe.makes_double) {
        if (recipe.is_scaled) number = scale(recipe, number);
        number = clamp(recipe, number);
        word = word_of(number);
    }
    apply_number(route, recipe, sample, word, number, arrival);
}

inline void Applier::apply_number(Route route, const Recipe& recipe, Sample sample, std::uint64_t word, double number,
                                  const Arrival& arrival) {
    if (is_outside(recipe, number) && sample.quality == QualityCode::good) [[unlikely]] {
        sample.quality = QualityCode::uncertain_range_exceeded;
        sample.cause = range_cause(route.recipe);
    }
    const auto archived = check_time(recipe, sample, arrival);
    auto& cell = table_.cell(route.tag);
    const auto old_since = relaxed(cell.since);
    const auto since = arrival.since(old_since, sample.quality, true);
    const auto time = static_cast<std::uint64_t>(sample.time);
    const auto received = CellState::pack_received(arrival.ms, sample.cause);
    const bool same_state = since == old_since && (relaxed(cell.received) & kCauseBits) == sample.cause;
    const auto old_word = relaxed(cell.value);
    if (same_state && is_same_or_close(recipe, old_word, word, number)) {
        TagTable::store(cell, {old_word, relaxed(cell.raw), time, received, since});
        capture(route, false, archived, sample.quality, sample.cause, old_word);
        return;
    }
    TagTable::store(cell, {word, sample.raw, time, received, since});
    count_bad(old_since, since);
    table_.mark_changed(route.tag);
    if (!same_state || !Watch::is_quiet(cell, number)) watch_.note(route.tag);
    capture(route, true, archived, sample.quality, sample.cause, word);
}

// A row has been reserved.
inline void Applier::capture(Route route, bool is_change, std::int64_t time, QualityCode quality, CauseId cause,
                             std::uint64_t word) {
    const auto least = static_cast<std::uint32_t>(is_change ? CaptureMode::changes : CaptureMode::all_samples);
    if (route.capture >= least) capture_->add(route.tag, time, capture_state(quality, cause), word);
}

void Applier::capture_blob(Route route, bool is_change, std::int64_t time, const Sample& sample, std::string_view bytes) {
    const auto least = static_cast<std::uint32_t>(is_change ? CaptureMode::changes : CaptureMode::all_samples);
    if (route.capture >= least) capture_->add_blob(route.tag, time, capture_state(sample.quality, sample.cause), bytes);
}

inline std::int64_t Applier::check_time(const Recipe& recipe, Sample& sample, const Arrival& arrival) const {
    if (sample.time == 0) {
        sample.time = arrival.ns;
        return arrival.archived;
    }
    if (distance(sample.time, arrival.ns) <= static_cast<std::uint64_t>(recipe.tolerance_ns)) [[likely]]
        return sample.time;
    if (sample.quality == QualityCode::good) {
        sample.quality = QualityCode::uncertain_source_time;
        sample.cause = time_cause_;
    }
    return arrival.archived;
}

CauseId Applier::range_cause(std::uint32_t recipe) {
    auto& cause = range_causes_[recipe];
    if (cause == tags::kNoCause) cause = table_.causes().intern(range_sentence(recipes_[recipe]));
    return cause;
}

void Applier::apply_blob(Route route, const Recipe& recipe, Sample sample, std::string_view bytes, const Arrival& arrival) {
    if (!blob_fits(recipe.type, bytes)) return apply_unfit(route, recipe, arrival);
    const auto archived = check_time(recipe, sample, arrival);
    auto& cell = table_.cell(route.tag);
    const auto old_since = relaxed(cell.since);
    const auto since = arrival.since(old_since, sample.quality, true);
    const TagTable::Write words{relaxed(cell.value), relaxed(cell.raw), static_cast<std::uint64_t>(sample.time),
                                CellState::pack_received(arrival.ms, sample.cause), since};
    const bool same_state = since == old_since && (relaxed(cell.received) & kCauseBits) == sample.cause;
    if (same_state && table_.holds_blob(cell, bytes)) {
        TagTable::store(cell, words);
        return capture_blob(route, false, archived, sample, bytes);
    }
    if (!table_.store_blob(cell, bytes, words)) {
        const auto cause = table_.causes().intern("the server has no more memory for strings and arrays of this size");
        return apply_bad(route, QualityCode::bad_internal, cause, arrival);
    }
    count_bad(old_since, since);
    table_.mark_changed(route.tag);
    watch_.note(route.tag);
    capture_blob(route, true, archived, sample, bytes);
}

// Bad always has a cause that can be named.
CauseId Applier::cause_of_bad(const Sample& sample) {
    if (sample.cause != tags::kNoCause) return sample.cause;
    return table_.causes().intern("the driver says " + std::string(to_string(sample.quality)) + " and gives no cause");
}

void Applier::apply_bad(Route route, QualityCode quality, CauseId cause, const Arrival& arrival) {
    auto& cell = table_.cell(route.tag);
    const auto old_since = relaxed(cell.since);
    const auto state = CellState::unpack(0, old_since);
    const auto since = arrival.since(old_since, quality, state.has_value);
    const bool same_state = since == old_since && (relaxed(cell.received) & kCauseBits) == cause;
    const auto time = state.has_value ? relaxed(cell.source_time) : static_cast<std::uint64_t>(arrival.ns);
    TagTable::store(cell, {relaxed(cell.value), relaxed(cell.raw), time, CellState::pack_received(arrival.ms, cause), since});
    capture(route, !same_state, arrival.archived, quality, cause, 0);
    if (same_state) return;
    count_bad(old_since, since);
    table_.mark_changed(route.tag);
    watch_.note(route.tag);
}

void Applier::apply_all_bad(const Routes& routes, const Batch& batch, const Arrival& arrival) {
    const auto cause = cause_of_bad({0, batch.all_bad_quality, table_.causes().intern(batch.all_bad_cause), 0});
    for (const auto& route : routes) {
        if (capture_ != nullptr) capture_->reserve(1);
        apply_bad(route, batch.all_bad_quality, cause, arrival);
    }
}

// What the device sent cannot be a value of this tag. The sentence leaves out the number: a text for each would fill the
// table of causes.
void Applier::apply_unfit(Route route, const Recipe& recipe, const Arrival& arrival) {
    const bool is_number = is_scalar_word(recipe.native_type);
    const auto sentence = is_number ? "the raw value does not fit the tag's type " : "what the device sent is no ";
    const auto cause = table_.causes().intern(sentence + std::string(to_string(recipe.type)));
    apply_bad(route, is_number ? QualityCode::bad_out_of_range : QualityCode::bad_decoding, cause, arrival);
}

void Applier::set_calculated(std::span<const CalculatedTag> tags) {
    RecipeBook book;
    const auto first = static_cast<std::uint32_t>(recipes_.size());
    for (const auto& each : tags) {
        auto view = table_.catalog().view(each.tag);
        view.native_type = each.result;
        view.source_time_tolerance = Duration::max();  // its inputs' times have been judged
        calculated_.push_back({each.tag, (first + book.add(make_recipe(view))) & 0x3FFF'FFFFU, 0});
    }
    const auto recipes = book.take();
    recipes_.insert(recipes_.end(), recipes.begin(), recipes.end());
    range_causes_.resize(recipes_.size(), tags::kNoCause);
}

void Applier::apply_calculated(std::span<const Calculated> results, UtcTime now) {
    const Arrival arrival(now);
    if (capture_ != nullptr) capture_->reserve(static_cast<std::uint32_t>(results.size()));
    for (const auto& result : results) {
        const auto route = calculated_[result.number];
        const auto& recipe = recipes_[route.recipe];
        Sample sample{result.word, result.quality, result.cause, result.time};
        if (is_bad(sample.quality)) {
            if (sample.cause == tags::kNoCause) sample.cause = table_.causes().intern(kNoResultText);
            apply_bad(route, sample.quality, sample.cause, arrival);
        } else if (recipe.step == Step::copy_blob) {
            apply_blob(route, recipe, sample, result.text, arrival);
        } else if (recipe.step == Step::impossible || !to_tag_type(recipe, result.word, sample.raw)) {
            const auto sentence = "the result does not fit the tag's type " + std::string(to_string(recipe.type));
            apply_bad(route, QualityCode::bad_out_of_range, table_.causes().intern(sentence), arrival);
        } else {
            apply_number(route, recipe, sample, sample.raw, number_of(recipe.type, sample.raw), arrival);
        }
    }
}

}  // namespace penstock::engine
