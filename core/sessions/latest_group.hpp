#pragma once

// Subscriptions with equal lists of tags, and the frames that they share. Internal to latest_hub.cpp.
//
// Every position is a cursor of the engine's ring: "knows all changes before". A frame in the chain has two of them: the hub's
// position when its values were read (who knows that much needs no part of it), and the position up to which a member knows
// everything once it has this frame and all before.

#include <cstdint>
#include <deque>
#include <vector>

#include "core/sessions/latest_hub.hpp"

namespace penstock::sessions::detail {

struct ChainFrame {
    SharedFrame frame;
    std::uint64_t read_at;
    std::uint64_t complete_to;
};

// Places that changed since the last frame, each once, in the order of their change.
class ChangedPlaces {
public:
    explicit ChangedPlaces(std::size_t places) : is_listed_(places, false) {}
    void add(std::uint32_t place) {
        if (is_listed_[place]) return;
        is_listed_[place] = true;
        list_.push_back(place);
    }
    [[nodiscard]] std::uint32_t take() {
        const auto place = list_.front();
        list_.pop_front();
        is_listed_[place] = false;
        return place;
    }
    [[nodiscard]] bool empty() const noexcept { return list_.empty(); }

private:
    std::vector<bool> is_listed_;
    std::deque<std::uint32_t> list_;
};

class Member;

struct Group {
    Group(std::vector<tags::TagId> group_tags, std::uint64_t position)
        : tags(std::move(group_tags)), changed(tags.size()), complete_to(position), dropped_at(0) {}

    std::vector<tags::TagId> tags;
    ChangedPlaces changed;
    std::uint64_t complete_to;  // of the newest frame
    std::deque<ChainFrame> chain;
    std::uint64_t first_number = 0;  // of chain.front()
    std::uint64_t dropped_at;        // read_at of the newest frame that left the chain
    std::vector<Member*> members;
    std::uint32_t number = 0;
    bool is_dirty = false;  // listed in the hub's list of groups to serve

    [[nodiscard]] std::uint64_t end_number() const noexcept { return first_number + chain.size(); }
    void push(ChainFrame frame) {
        complete_to = frame.complete_to;
        chain.push_back(std::move(frame));
        if (chain.size() > LatestHub::kMaxChainFrames) drop_front();
    }
    void drop_front() {
        dropped_at = chain.front().read_at;
        chain.pop_front();
        ++first_number;
    }
};

}  // namespace penstock::sessions::detail
