#pragma once

// Commands that were taken up, by what their client called them. A client whose connection broke asks again under the same number
// and learns what became of the first, instead of writing twice.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <penstock/time.hpp>

#include "core/engine/write_command.hpp"

namespace penstock::engine {

struct CommandKey {
    std::string user;
    std::uint64_t command = 0;
    std::uint32_t item = 0;
    auto operator<=>(const CommandKey&) const = default;
};

struct ExecutedCommand {
    CommandKey key;
    tags::TagId tag = tags::kNoTag;  // kNoTag: it has another name now
    WriteAnswer answer;
    Duration age{};  // since it was taken up
};

// All functions [any-thread]: people's actions, a few at a time. Answers are given without holding the lock.
class ExecutedCommands final {
public:
    static constexpr std::size_t kMost = 10'000;  // older ones are forgotten; those under way are kept
    static constexpr Duration kKeep = 10min;  // of input time

    // False: it is new, or has no number, and is to be carried out; finish() must follow. True: it is known and needs no more, since
    // its `done` was taken: it is answered as the first was, once that is answered.
    [[nodiscard]] bool is_repeat(WriteCommand& command, MonotonicTime now);
    // Those that repeated it are answered now.
    void finish(const CommandKey& key, const WriteAnswer& answer);

    // Finished ones, oldest first: for the snapshot, and back from there.
    [[nodiscard]] std::vector<ExecutedCommand> finished(MonotonicTime now) const;
    void restore(ExecutedCommand command, MonotonicTime now);

private:
    using Done = std::move_only_function<void(WriteAnswer)>;
    struct Entry {
        tags::TagId tag;
        MonotonicTime at;
        std::optional<WriteAnswer> answer;
        std::vector<Done> waiting;
    };
    void forget_old(MonotonicTime now);

    mutable std::mutex mutex_;  // guards what follows
    std::map<CommandKey, Entry> entries_;
    std::deque<CommandKey> order_;  // oldest first; each is in entries_
};

}  // namespace penstock::engine
