#pragma once

// The trends of a screen: asks the server for those that are looked at, again and again as time moves on, and forgets the others.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <penstock/session.hpp>
#include <penstock/time.hpp>

namespace penstock::client {

// One picture: of a tag, the last `span`, in so many columns.
struct TrendKey {
    std::string tag;
    std::uint32_t columns = 0;
    Duration span{};
    friend auto operator<=>(const TrendKey&, const TrendKey&) = default;
};

struct ScreenTrend {
    TrendLine line;  // empty columns: nothing has come yet
    UtcTime from, to, durable_until;
    std::string fault;  // why there is none
};

// All of it: on the thread that polls the session.
class TrendWatch {
public:
    // Asked for at most every so often, and never more often than the picture moves by a column.
    static constexpr Duration kRefresh = 1s;
    // One that was not wanted for so long is forgotten.
    static constexpr Duration kForgetAfter = 10s;
    static constexpr std::size_t kMostTrends = 64;  // on one screen; further ones are refused in words

    explicit TrendWatch(Session& session);
    ~TrendWatch();
    TrendWatch(const TrendWatch&) = delete;
    TrendWatch& operator=(const TrendWatch&) = delete;

    // Someone looks at it now. Null until poll() has seen it.
    void want(const TrendKey& key, MonotonicTime now);
    [[nodiscard]] const ScreenTrend* find(const TrendKey& key) const;

    // Asks for what is due. When it wants to be called next.
    std::optional<MonotonicTime> poll(MonotonicTime now);
    // Another server may be there, with another clock; and nothing that was asked is answered any more.
    void connected_anew();
    void clear();

    // Another number whenever a trend has changed.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

private:
    struct Entry {
        ScreenTrend trend;
        MonotonicTime wanted{}, due{};
        bool is_asked = false;
    };
    void ask_time();
    void ask(const TrendKey& key, Entry& entry, MonotonicTime now);
    void take(const TrendKey& key, const TrendRequest& request, const Result<TrendReply>& reply);

    Session* session_;
    std::map<TrendKey, Entry> entries_;
    std::optional<Duration> utc_offset_;  // of the server's clock: UTC less monotonic
    bool is_time_asked_ = false;
    std::uint64_t round_ = 0;  // answers of an earlier connection or screen are not taken
    MonotonicTime now_{};
    std::uint64_t version_ = 0;
    std::shared_ptr<TrendWatch*> self_;
};

}  // namespace penstock::client
