#pragma once

// The way of a command from the queue to its answer.
//
// With a journal: what is asked is written down first; the write leaves for the device, or takes effect on a memory tag, when that
// record is durable; what became of it is written down; and who asked is told when that is durable. Refusals are written down too.
// Nothing waits meanwhile: the journal and the devices leave notes (write_inbox.hpp) that a later cycle takes up, in order.
// Without a journal (tests, tools) a command is carried out at once.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <penstock/history_operations.hpp>
#include <penstock/time.hpp>

#include "core/engine/executed_commands.hpp"
#include "core/engine/write_command.hpp"
#include "core/engine/write_inbox.hpp"
#include "core/guests/write_target.hpp"
#include "core/journal/record.hpp"
#include "core/tags/tag_catalog.hpp"
#include "core/tags/tag_table.hpp"

namespace penstock::journal {
class Lane;
}

namespace penstock::engine {

class Applier;
class Doorbell;

// All [engine] unless said otherwise.
class WritePath final {
public:
    // A write whose record is durable only after this time is refused: nobody waits for it any more, and a pump that starts a minute
    // late starts by surprise.
    static constexpr Duration kMostDelay = 5s;

    WritePath(tags::TagTable& table, Applier& applier, Doorbell& bell, std::size_t most_pending);
    ~WritePath();  // answers what is under way: the server stops
    WritePath(const WritePath&) = delete;
    WritePath& operator=(const WritePath&) = delete;

    // It must outlive this.
    void set_journal(journal::Lane& events);
    void set_writer(std::size_t device_index, guests::WriteTarget* writer) { writers_[device_index] = writer; }

    void carry_out(WriteCommand command, Now now);
    // Takes up what the journal and the devices have said since.
    void go_on(Now now);
    // The records before this position are durable, and their effects can be seen in the tags and in executed(). [any-thread]
    [[nodiscard]] journal::Position settled() const noexcept { return settled_.load(std::memory_order_acquire); }
    [[nodiscard]] ExecutedCommands& executed() noexcept { return *executed_; }

private:
    struct Pending;
    struct Checked;
    using Writes = std::map<std::uint64_t, Pending>;  // by number: in order

    [[nodiscard]] Result<Checked> check(const WriteCommand& command) const;
    void carry_out_now(WriteCommand& command, Result<Checked> checked, Now now);
    void write_down(WriteCommand& command, Result<Checked> checked, Now now);
    Result<journal::Position> append_memory(const Pending& write, const Value& value, Now now);
    void take_effect(Writes::iterator write, Now now);
    void write_down_answer(Writes::iterator write, WriteAnswer answer, Now now);
    void await(std::uint64_t number, journal::Position position);
    void on_durable(Writes::iterator write, const Result<void>& synced, Now now);
    void finish(Writes::iterator write, WriteAnswer answer);
    void refuse(WriteCommand& command, ErrorCode code, std::string reason);
    void settle();

    tags::TagTable& table_;
    Applier& applier_;
    std::size_t most_pending_;
    journal::Lane* events_ = nullptr;
    std::vector<guests::WriteTarget*> writers_;  // by device; null: not running
    std::shared_ptr<WriteInbox> inbox_;  // shared with those who leave notes: they may come after this is gone
    std::shared_ptr<ExecutedCommands> executed_;
    Writes pending_;
    std::uint64_t next_number_ = 1;
    std::vector<WriteInbox::Note> notes_;
    std::atomic<journal::Position> settled_{0};
};

}  // namespace penstock::engine
