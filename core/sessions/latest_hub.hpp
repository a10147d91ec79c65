#pragma once

// Fan-out of newest values on one strand: one hub, many subscriptions.
//
// The hub reads the engine's ring of changed tags once per cycle, whatever the number of sessions. An inverted index (tag ->
// places in subscriptions) finds who is concerned. Members with equal lists of tags form a group: a frame of what changed is
// made when a member that can take one asks, and every member of the group is sent the same bytes. A member that falls more
// than kMaxChainFrames frames behind is sent, in their place, the newest values of what changed since: it skips, memory does
// not grow. All [strand].

#include <cstdint>
#include <memory>
#include <vector>

#include <penstock/operations.hpp>

#include "core/tags/tag_reader.hpp"
#include "core/wire/buffer.hpp"

namespace penstock::sessions {

// One update of a stream: columns, or the same encoded, as the hub was told. Immutable and shared.
struct LatestFrame {
    LatestUpdate update;
    wire::Buffer body;
    std::size_t rows = 0;
};
using SharedFrame = std::shared_ptr<const LatestFrame>;

// Takes the frames of one member.
class LatestSink {
public:
    virtual void send_update(const SharedFrame& frame) = 0;
    // False while it has too much to send already; it calls LatestMember::resume() later.
    [[nodiscard]] virtual bool can_take() const noexcept = 0;

protected:
    ~LatestSink() = default;
};

class LatestHub;

// One subscription. Destroying it ends it. Not from inside send_update().
class LatestMember {
public:
    virtual ~LatestMember() = default;
    // Lets it be sent so many more updates. Sends what there is, at once.
    virtual void add_credit(std::uint32_t updates) = 0;
    // Its sink can take frames again.
    virtual void resume() = 0;
};

class LatestHub {
public:
    enum class Form { columns, encoded };

    static constexpr std::size_t kMaxChainFrames = 16;
    static constexpr std::size_t kMaxFrameRows = 4'096;
    static constexpr std::size_t kMaxFrameBytes = 256 * 1024;  // of values; the last one may exceed it
    static constexpr std::uint32_t kMaxCredit = 64;

    LatestHub(tags::TagReader reader, Form form);
    ~LatestHub();  // after its members

    // A member without credit. All newest values are its first updates. kNoTag is a place that stays empty. `sink` outlives it.
    [[nodiscard]] std::unique_ptr<LatestMember> join(std::vector<tags::TagId> tags, LatestSink& sink);

    // Reads what changed and sends it to who can take it. Once a cycle.
    void pump();

    struct Counters {
        std::uint64_t frames_made = 0;  // encoded, for a group or for one that caught up
        std::uint64_t frames_sent = 0;
        std::uint64_t catch_ups = 0;  // members that had fallen behind, or were new
    };
    [[nodiscard]] const Counters& counters() const noexcept;
    [[nodiscard]] std::size_t groups() const noexcept;

    struct State;  // latest_hub.cpp's own

private:
    std::unique_ptr<State> state_;
};

}  // namespace penstock::sessions
