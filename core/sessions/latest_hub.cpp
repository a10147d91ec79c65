#include "core/sessions/latest_hub.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/sessions/latest_group.hpp"
#include "core/sessions/tag_index.hpp"
#include "core/wire/latest_update.hpp"

namespace penstock::sessions {

namespace detail {

// Collects rows until a frame is full.
class FrameMaker {
public:
    FrameMaker(tags::TagReader reader, LatestHub::Form form) : reader_(reader), form_(form) {}

    void add(std::uint32_t place, tags::TagId tag) {
        reader_.snapshot(tag, snapshot_);
        update_.index.push_back(place);
        update_.value.push_back(snapshot_.value());
        update_.quality.push_back(snapshot_.quality);
        update_.time.push_back(to_ns(snapshot_.time));
        update_.cause.emplace_back(reader_.cause(snapshot_.cause));
        bytes_ += 12 + snapshot_.blob.size();
    }
    [[nodiscard]] bool is_empty() const noexcept { return update_.index.empty(); }
    [[nodiscard]] bool is_full() const noexcept {
        return update_.index.size() >= LatestHub::kMaxFrameRows || bytes_ >= LatestHub::kMaxFrameBytes;
    }
    [[nodiscard]] SharedFrame finish() {
        auto frame = std::make_shared<LatestFrame>();
        frame->rows = update_.index.size();
        bytes_ = 0;
        if (form_ == LatestHub::Form::columns) {
            frame->update = std::exchange(update_, {});
            return frame;
        }
        wire::encode_update(update_, scratch_);
        frame->body.assign(scratch_.begin(), scratch_.end());
        scratch_.clear();
        update_.index.clear();
        update_.value.clear();
        update_.quality.clear();
        update_.time.clear();
        update_.cause.clear();
        return frame;
    }

private:
    tags::TagReader reader_;
    LatestHub::Form form_;
    tags::TagSnapshot snapshot_;
    LatestUpdate update_;
    wire::Buffer scratch_;
    std::size_t bytes_ = 0;
};

}  // namespace detail

using detail::ChainFrame;
using detail::Group;

struct LatestHub::State {
    State(tags::TagReader tag_reader, Form form) : reader(tag_reader), maker(tag_reader, form), position(tag_reader.head()) {}

    Group& group_of(std::vector<tags::TagId> tags);
    void remove_group(Group& group);
    void serve(Group& group);
    void make_frame(Group& group);
    void trim(Group& group);

    tags::TagReader reader;
    detail::FrameMaker maker;
    std::uint64_t position;  // the hub knows all changes before
    TagIndex index;
    std::vector<std::unique_ptr<Group>> groups;  // by number; null = free
    std::unordered_multimap<std::size_t, Group*> groups_by_hash;
    std::vector<Group*> dirty;
    Counters counters;
};

namespace detail {

// Either attached to its group's chain (next_ = number of the next frame), or catching up: walking over all tags for those that
// changed after `known_to_`.
class Member final : public LatestMember {
public:
    Member(LatestHub::State& hub, Group& group, LatestSink& sink) : hub_(&hub), group_(&group), sink_(&sink) {
        group.members.push_back(this);
        begin_catch_up();
    }
    ~Member() override {
        std::erase(group_->members, this);
        if (group_->members.empty())
            hub_->remove_group(*group_);
        else
            hub_->trim(*group_);
    }

    void add_credit(std::uint32_t updates) override {
        credit_ = std::min(LatestHub::kMaxCredit, credit_ + std::min(updates, LatestHub::kMaxCredit));
        serve();
        // Among many members the next pump() trims: asking all of them at each credit would cost members squared.
        if (group_->members.size() == 1) hub_->trim(*group_);
    }
    void resume() override { serve(); }

    void serve() {
        while (credit_ > 0 && sink_->can_take() && serve_one()) {
        }
    }
    [[nodiscard]] bool is_attached() const noexcept { return is_attached_; }
    [[nodiscard]] std::uint64_t next() const noexcept { return next_; }

private:
    // False if there is nothing more to send.
    bool serve_one() {
        if (is_attached_ && next_ < group_->first_number) begin_catch_up();
        if (!is_attached_) return catch_up();
        if (next_ == group_->end_number()) {
            if (group_->changed.empty()) return false;
            hub_->make_frame(*group_);
        }
        const auto& due = group_->chain[static_cast<std::size_t>(next_ - group_->first_number)];
        known_to_ = std::max(known_to_, due.complete_to);
        ++next_;
        send(due.frame);
        return true;
    }

    void begin_catch_up() {
        is_attached_ = false;
        place_ = 0;
        target_ = hub_->position;
        ++hub_->counters.catch_ups;
    }

    bool catch_up() {
        const auto& tags = group_->tags;
        for (; place_ < tags.size() && !hub_->maker.is_full(); ++place_) {
            const auto tag = tags[place_];
            if (tag == tags::kNoTag) continue;
            if (knows_nothing_ || hub_->reader.version(tag) > known_to_) hub_->maker.add(place_, tag);
        }
        const bool is_done = place_ == tags.size();
        if (is_done) attach();
        if (hub_->maker.is_empty()) return is_done;
        ++hub_->counters.frames_made;
        send(hub_->maker.finish());
        return true;
    }

    void attach() {
        known_to_ = target_;
        knows_nothing_ = false;
        if (group_->dropped_at > target_) return begin_catch_up();  // frames that it needs have left the chain meanwhile
        const auto first = std::ranges::find_if(group_->chain, [&](const ChainFrame& each) { return each.read_at > target_; });
        next_ = group_->first_number + static_cast<std::uint64_t>(first - group_->chain.begin());
        is_attached_ = true;
    }

    void send(SharedFrame frame) {
        --credit_;
        ++hub_->counters.frames_sent;
        sink_->send_update(frame);
    }

    LatestHub::State* hub_;
    Group* group_;
    LatestSink* sink_;
    std::uint64_t known_to_ = 0;
    std::uint64_t target_ = 0;
    std::uint64_t next_ = 0;
    std::uint32_t place_ = 0;
    std::uint32_t credit_ = 0;
    bool is_attached_ = false;
    bool knows_nothing_ = true;
};

}  // namespace detail

Group& LatestHub::State::group_of(std::vector<tags::TagId> tags) {
    if (groups_by_hash.empty()) position = reader.head();  // nobody needs what changed while there was no group
    const auto hash =
        std::hash<std::string_view>()({reinterpret_cast<const char*>(tags.data()), tags.size() * sizeof(tags::TagId)});
    const auto [begin, end] = groups_by_hash.equal_range(hash);
    for (auto it = begin; it != end; ++it) {
        if (it->second->tags == tags) return *it->second;
    }
    auto slot = std::ranges::find_if(groups, [](const auto& each) { return each == nullptr; });
    if (slot == groups.end()) slot = groups.insert(groups.end(), nullptr);
    *slot = std::make_unique<Group>(std::move(tags), position);
    auto& group = **slot;
    group.number = static_cast<std::uint32_t>(slot - groups.begin());
    for (std::uint32_t place = 0; place < group.tags.size(); ++place) {
        if (group.tags[place] != tags::kNoTag) index.add(group.tags[place], group.number, place);
    }
    groups_by_hash.emplace(hash, &group);
    return group;
}

void LatestHub::State::remove_group(Group& group) {
    index.remove(group.tags, group.number);
    std::erase(dirty, &group);
    std::erase_if(groups_by_hash, [&](const auto& entry) { return entry.second == &group; });
    groups[group.number].reset();
}

void LatestHub::State::make_frame(Group& group) {
    std::vector<std::uint32_t> places;
    while (!group.changed.empty() && places.size() < kMaxFrameRows) places.push_back(group.changed.take());
    std::ranges::sort(places);  // near indexes take one byte
    std::size_t used = 0;
    for (; used < places.size() && !maker.is_full(); ++used) maker.add(places[used], group.tags[places[used]]);
    for (; used < places.size(); ++used) group.changed.add(places[used]);
    ++counters.frames_made;
    const auto complete_to = group.changed.empty() ? position : group.complete_to;
    group.push({maker.finish(), position, complete_to});
}

// Frames that every member has are not kept.
void LatestHub::State::trim(Group& group) {
    if (group.chain.empty()) return;
    auto needed = group.end_number();
    for (const auto* member : group.members) {
        if (member->is_attached()) needed = std::min(needed, member->next());
    }
    while (!group.chain.empty() && group.first_number < needed) group.drop_front();
}

void LatestHub::State::serve(Group& group) {
    for (auto* member : group.members) member->serve();
    trim(group);
}

LatestHub::LatestHub(tags::TagReader reader, Form form) : state_(std::make_unique<State>(reader, form)) {}
LatestHub::~LatestHub() = default;

std::unique_ptr<LatestMember> LatestHub::join(std::vector<tags::TagId> tags, LatestSink& sink) {
    auto& group = state_->group_of(std::move(tags));
    return std::make_unique<detail::Member>(*state_, group, sink);
}

void LatestHub::pump() {
    auto& state = *state_;
    if (state.groups_by_hash.empty()) {
        state.position = state.reader.head();
        return;
    }
    state.position = state.reader.changes_since(state.position, [&](tags::TagId tag) {
        state.index.for_each(tag, [&](std::uint32_t number, std::uint32_t place) {
            auto& group = *state.groups[number];
            group.changed.add(place);
            if (!std::exchange(group.is_dirty, true)) state.dirty.push_back(&group);
        });
    });
    for (auto* group : std::exchange(state.dirty, {})) {
        group->is_dirty = false;
        state.serve(*group);
    }
}

const LatestHub::Counters& LatestHub::counters() const noexcept { return state_->counters; }
std::size_t LatestHub::groups() const noexcept { return state_->groups_by_hash.size(); }

}  // namespace penstock::sessions
