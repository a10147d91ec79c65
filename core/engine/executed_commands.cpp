#include "core/engine/executed_commands.hpp"

#include <utility>

namespace penstock::engine {

bool ExecutedCommands::is_repeat(WriteCommand& command, MonotonicTime now) {
    if (command.command == 0) return false;
    std::unique_lock lock(mutex_);
    forget_old(now);
    CommandKey key{command.user, command.command, command.item};
    const auto [at, is_new] = entries_.try_emplace(key, Entry{command.tag, now, std::nullopt, {}});
    if (is_new) {
        order_.push_back(std::move(key));
        return false;
    }
    auto& entry = at->second;
    auto done = std::exchange(command.done, nullptr);
    WriteAnswer answer{
        WriteResult::refused, ErrorCode::invalid_argument,
        "the command " + std::to_string(command.command) + " was for another tag: a new command needs a new number"};
    if (entry.tag == command.tag || entry.tag == tags::kNoTag) {
        if (!entry.answer) {
            if (done) entry.waiting.push_back(std::move(done));
            return true;
        }
        answer = *entry.answer;
    }
    lock.unlock();
    if (done) done(std::move(answer));
    return true;
}

void ExecutedCommands::finish(const CommandKey& key, const WriteAnswer& answer) {
    std::vector<Done> waiting;
    {
        const std::scoped_lock lock(mutex_);
        const auto found = entries_.find(key);
        if (found == entries_.end()) return;
        found->second.answer = answer;
        waiting.swap(found->second.waiting);
    }
    for (auto& done : waiting) done(answer);
}

// Oldest first, up to one that is still under way: those are few, and bounded where commands are taken up.
void ExecutedCommands::forget_old(MonotonicTime now) {
    while (!order_.empty()) {
        const auto oldest = entries_.find(order_.front());
        const bool is_old = oldest->second.at + kKeep <= now || order_.size() >= kMost;
        if (!is_old || !oldest->second.answer) return;
        entries_.erase(oldest);
        order_.pop_front();
    }
}

std::vector<ExecutedCommand> ExecutedCommands::finished(MonotonicTime now) const {
    std::vector<ExecutedCommand> all;
    const std::scoped_lock lock(mutex_);
    for (const auto& key : order_) {
        const auto& entry = entries_.at(key);
        if (entry.answer && entry.at + kKeep > now) all.push_back({key, entry.tag, *entry.answer, now - entry.at});
    }
    return all;
}

void ExecutedCommands::restore(ExecutedCommand command, MonotonicTime now) {
    const std::scoped_lock lock(mutex_);
    const auto at = now - command.age;
    const auto [entry, is_new] = entries_.try_emplace(command.key, Entry{command.tag, at, std::nullopt, {}});
    entry->second.answer = std::move(command.answer);
    if (!is_new) return;
    order_.push_back(std::move(command.key));
    forget_old(now);
}

}  // namespace penstock::engine
