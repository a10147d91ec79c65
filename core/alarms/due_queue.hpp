#pragma once

// Which of many numbered things is due first: a heap that knows where each of them stands, so a time that is set anew or cancelled
// leaves nothing behind. Setting and cancelling cost the logarithm of how many wait.

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <penstock/time.hpp>

namespace penstock::alarms {

class DueQueue final {
public:
    using Key = std::uint32_t;
    // Keys are below `keys`; 4 bytes each.
    explicit DueQueue(std::size_t keys = 0) : place_(keys, kNowhere) {}

    void grow(std::size_t keys) { place_.resize(keys, kNowhere); }

    void set(Key key, MonotonicTime at);  // replaces an earlier time
    void cancel(Key key);
    [[nodiscard]] bool is_set(Key key) const noexcept { return place_[key] != kNowhere; }
    [[nodiscard]] MonotonicTime at(Key key) const noexcept { return heap_[place_[key]].at; }  // precondition: is_set(key)
    [[nodiscard]] MonotonicTime due() const noexcept { return heap_.empty() ? MonotonicTime::max() : heap_.front().at; }
    [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
    // The next whose time has come, and forgets it. Of two at one time the lower key.
    [[nodiscard]] std::optional<Key> next(MonotonicTime now);

private:
    struct Entry {
        MonotonicTime at;
        Key key;
        [[nodiscard]] bool is_before(const Entry& other) const noexcept {
            return at != other.at ? at < other.at : key < other.key;
        }
    };
    static constexpr std::uint32_t kNowhere = std::numeric_limits<std::uint32_t>::max();

    void put(std::size_t place, const Entry& entry) noexcept;
    void rise(std::size_t place, const Entry& entry) noexcept;
    void sink(std::size_t place, const Entry& entry) noexcept;
    void settle(std::size_t place, const Entry& entry) noexcept;

    std::vector<Entry> heap_;
    std::vector<std::uint32_t> place_;  // by key
};

}  // namespace penstock::alarms
