#pragma once

// Decoded events by position. Most who follow stand at the lane's end: what one of them reads is decoded once and kept a while for the
// others. Who stands further back reads for himself (EventReader). Internal to event_streams.cpp.

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include <penstock/history_operations.hpp>
#include <penstock/result.hpp>

#include "core/journal/lane.hpp"
#include "core/journal/lane_reader.hpp"

namespace penstock::history::detail {

// An event, or what is missing before this place, or both.
struct EventEntry {
    journal::Position position = 0;  // of the event; where there is none, of the last record that was looked at for it
    std::optional<Event> event;
    std::string missing;  // a sentence; "" = nothing
    std::size_t bytes = 0;  // about, of memory and on the wire
};
using SharedEntry = std::shared_ptr<const EventEntry>;

// Goes through the durable records of the events lane from a position on. One thread at a time, [worker].
class EventReader final {
public:
    static constexpr std::size_t kMostRecords = 512;  // that one call looks at

    EventReader(const journal::Lane& lane, journal::Position from) : reader_(lane.reader(from)), position_(from) {}
    // The next entry; null: none among the records that were looked at, and position() says how far that is. Errors: those of the file
    // system.
    [[nodiscard]] Result<SharedEntry> next();
    [[nodiscard]] journal::Position position() const noexcept { return position_; }  // behind what was looked at

private:
    std::unique_ptr<journal::LaneReader> reader_;
    journal::Position position_;
};

// What was read last, for all who follow. One thread at a time, [worker].
class EventTail final {
public:
    static constexpr std::size_t kMostEntries = 4'096;
    static constexpr std::size_t kMostBytes = 4 * 1024 * 1024;

    // `lane` outlives it.
    explicit EventTail(const journal::Lane& lane) : lane_(&lane) {}

    // It can tell what comes from here on; before it, a reader is needed. A place in front of all others takes it there.
    [[nodiscard]] bool reaches(journal::Position position);
    // The first entry from `position` on, which moves behind it; null: none among what was looked at, and `position` moves behind that.
    // Precondition: reaches(position).
    [[nodiscard]] Result<SharedEntry> next(journal::Position& position);
    [[nodiscard]] const journal::Lane& lane() const noexcept { return *lane_; }

private:
    [[nodiscard]] Result<SharedEntry> read();
    void keep(SharedEntry entry);

    const journal::Lane* lane_;
    std::optional<EventReader> reader_;
    journal::Position first_ = 0;  // entries_ has everything from here to the reader's position
    std::deque<SharedEntry> entries_;
    std::size_t bytes_ = 0;
};

}  // namespace penstock::history::detail
