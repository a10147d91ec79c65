#pragma once

// The index's file: rows of events, found by their columns, and the lane's position up to which they reach. [worker], one thread.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <penstock/history_operations.hpp>
#include <penstock/result.hpp>

#include "core/history/event_index.hpp"
#include "core/history/indexing/database.hpp"
#include "core/history/indexing/event_filter.hpp"
#include "core/journal/record.hpp"

namespace penstock::history {

class EventStore {
public:
    // Opens the file or makes it. Error protocol: it is there, and is not the index of this server's lane, or is damaged; it has to
    // be removed and made anew. `most`: how far the lane reaches.
    [[nodiscard]] static Result<std::unique_ptr<EventStore>> open(const EventIndexOptions& options, journal::Position most);
    // Removes the file and what SQLite keeps beside it.
    static void remove(const std::filesystem::path& file);

    [[nodiscard]] journal::Position position() const noexcept { return position_; }

    // One transaction: begin, add the events in order, commit with the position behind them; or roll back.
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> add(const Event& event, const journal::Record& record);
    [[nodiscard]] Result<void> commit(journal::Position position);
    void roll_back();

    // Calls `found` for each event that the request asks for, newest first, until it returns false.
    [[nodiscard]] Result<void> find(const EventsRequest& request, const EventFilter& filter,
                                    const std::function<bool(Event)>& found);

private:
    EventStore(Database database, std::string file) : database_(std::move(database)), file_(std::move(file)) {}
    [[nodiscard]] Result<void> prepare(const EventIndexOptions& options, journal::Position most);
    [[nodiscard]] Result<void> make_tables(const EventIndexOptions& options);
    [[nodiscard]] Result<void> check_structure();
    [[nodiscard]] Result<void> check_owner(const EventIndexOptions& options, journal::Position most);

    Database database_;
    std::string file_;
    std::unique_ptr<Statement> insert_, set_position_;
    journal::Position position_ = 0;
};

}  // namespace penstock::history
