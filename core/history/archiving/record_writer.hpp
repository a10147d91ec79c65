#pragma once

// Gathers kept rows and appends them to the lane, a record at a time. Private to core/history.

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <penstock/time.hpp>

#include "core/engine/capture.hpp"
#include "core/history/values_record.hpp"
#include "core/tags/tag_reader.hpp"

namespace penstock::journal {
class Lane;
}

namespace penstock::history::archiving {

// Quality and cause of a row: as CaptureBlock::state, or a cause of the archiver's own.
using RowState = std::uint64_t;
inline constexpr RowState kOwnCause = RowState{1} << 36U;
inline constexpr RowState kStateMask = (kOwnCause << 1U) - 1;
enum class OwnCause : std::uint8_t { server_down, archive_too_slow, disk_too_slow };
inline constexpr std::size_t kOwnCauses = 3;
[[nodiscard]] std::string_view text_of(OwnCause cause) noexcept;

[[nodiscard]] constexpr RowState own_state(QualityCode quality, OwnCause cause) noexcept {
    return kOwnCause | engine::capture_state(quality, static_cast<tags::CauseId>(cause));
}
[[nodiscard]] constexpr bool is_bad_state(RowState state) noexcept { return (state >> 35U & 1U) != 0; }

class RecordWriter {
public:
    RecordWriter(tags::TagReader reader, journal::Lane& lane);

    void begin(Now now) noexcept { now_ = now; }
    void add(tags::TagId tag, std::int64_t time, RowState state, std::uint64_t word) {
        if (count_ == room_ || (has_cause(state) && causes_are_full())) [[unlikely]]
            make_room();
        put(tag, time, state, word);
    }
    void add_blob(tags::TagId tag, std::int64_t time, RowState state, std::string_view bytes);
    // What is gathered, as a record. Nothing to do: nothing is done.
    void write();

    // Tags with rows in records that the lane did not take since the last call, with the first time of each.
    using Refused = std::unordered_map<tags::TagId, std::int64_t>;
    [[nodiscard]] Refused take_refused() noexcept { return std::exchange(refused_, {}); }

    struct Counts {
        std::atomic<std::uint64_t> kept{0}, records{0}, bytes{0}, refused{0};
    };
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

private:
    void put(tags::TagId tag, std::int64_t time, RowState state, std::uint64_t word) {
        const auto local = has_cause(state) ? local_cause(state) : std::uint16_t{0};
        tag_[count_] = tag;
        time_[count_] = time;
        status_[count_] = status_word(engine::capture_quality(state & ~kOwnCause), local);
        word_[count_] = word;
        ++count_;
    }
    [[nodiscard]] static bool has_cause(RowState state) noexcept {
        return (state & (kOwnCause | tags::CauseTable::kMaxCauses)) != 0;
    }
    [[nodiscard]] bool causes_are_full() const noexcept;
    void make_room();
    [[nodiscard]] std::uint16_t local_cause(RowState state);
    void clear();
    void remember_refused();

    tags::TagReader reader_;
    journal::Lane& lane_;
    ValuesEncoder encoder_;
    Now now_{};

    std::size_t count_ = 0, room_ = 0;
    std::vector<tags::TagId> tag_;
    std::vector<std::int64_t> time_;
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
    std::string blob_;
    // Causes of this record: number + 1 by the table's number, and by the archiver's own.
    std::vector<std::uint16_t> local_;
    std::array<std::uint16_t, kOwnCauses> local_own_{};
    std::vector<tags::CauseId> used_;
    std::vector<std::string_view> causes_;
    std::size_t cause_bytes_ = 0;

    Refused refused_;
    Counts counts_;
};

}  // namespace penstock::history::archiving
