#pragma once

// The alarms that a station shows: lists as the server has them, renewed whenever the life of one took a step, and what the operator
// asked for. Nothing is shown as acknowledged because it was asked for. Over a lost server the lists stay, marked as old.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <penstock/session.hpp>
#include <penstock/time.hpp>

#include "core/client/alarm_explainer.hpp"

namespace penstock::client {

struct ShownAlarms {
    AlarmsReply reply;  // as the server answered last
    bool is_known = false;  // it has answered at all
    bool is_old = true;  // not of this connection, or there is none
    std::string fault;  // why there is nothing
};

// What people do to alarms. Done to the occurrence that they saw, so that none is acknowledged unseen; what is done to an alarm itself
// (shelved, taken out of service, and back) needs none.
struct AlarmAct {
    struct Target {
        std::uint64_t id = 0;  // of the occurrence; 0: it was never raised
        std::string alarm;
    };
    AlarmEvent action{};
    std::vector<Target> alarms;
    std::string comment;
    Duration shelve_for{};
};

// All of it: on the thread that polls the session.
class AlarmModel {
public:
    static constexpr std::uint32_t kMostAlarms = 1'000;  // in one list; the counts are of all
    // A list is asked for again at most so often; while steps go on, each pause is twice the one before: a list costs the server more
    // than a step does, and every station asks.
    static constexpr Duration kRefresh = 250ms;
    static constexpr Duration kLongestRefresh = 1s;

    explicit AlarmModel(Session& session);
    ~AlarmModel();
    AlarmModel(const AlarmModel&) = delete;
    AlarmModel& operator=(const AlarmModel&) = delete;

    // Someone looks at a list, of any kind but history; from then on it is kept up to date.
    const ShownAlarms& look_at(AlarmList list, MonotonicTime now);
    // How the site wants a priority to be shown and heard, as far as known; null if it says nothing.
    [[nodiscard]] const AlarmPriority* style(std::uint8_t priority) const noexcept;
    // What single alarms mean. Kept up to date by the steps that the lists follow.
    [[nodiscard]] AlarmExplainer& explainer() noexcept { return explainer_; }
    // This station asked for something of it, and the server has not answered.
    [[nodiscard]] bool is_asked(const AlarmInfo& info) const;
    // What went wrong with the last that was asked for; "" if nothing did.
    [[nodiscard]] const std::string& notice() const noexcept { return notice_; }
    // The most urgent priority whose alarm ought to be heard: unacknowledged, not silenced, and of a priority with a sound. 0: none.
    [[nodiscard]] std::uint8_t sounding() const noexcept;

    void act(AlarmAct act);

    // In which of the site's languages texts are asked for; "" = its first. Another one: everything is asked for again.
    void set_language(std::string language);

    // Asks for what is due. When it wants to be called next.
    std::optional<MonotonicTime> poll(MonotonicTime now);
    void link_lost();
    void connected_anew();

    // Another number whenever something has changed.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_ + explainer_.version(); }

private:
    struct Entry {
        ShownAlarms shown;
        MonotonicTime due{};
        Duration pause{};  // until it may be asked for another time
        bool is_asked = false;
        bool is_stale = true;  // to be asked for
    };
    void ask_all_again();
    void ask(AlarmList list, Entry& entry, MonotonicTime now);
    void take(AlarmList list, Result<AlarmsReply> reply);
    void follow(std::uint64_t from);
    void take(const EventsUpdate& update);
    void ask(AlarmActionRequest request);
    void take(const AlarmActionRequest& asked, const Result<AlarmActionReply>& reply);

    Session* session_;
    AlarmExplainer explainer_;
    std::map<AlarmList, Entry> lists_;
    std::set<std::uint64_t> asked_;  // occurrences
    std::set<std::string, std::less<>> asked_alarms_;
    std::string notice_;
    std::string language_;
    std::unique_ptr<Subscription> steps_;
    std::uint64_t seen_ = 0;  // steps before this position have happened
    std::uint64_t round_ = 0;  // answers to what was asked before are not taken
    std::uint64_t version_ = 0;
    std::shared_ptr<AlarmModel*> self_;
};

// Needs somebody: to be acknowledged.
[[nodiscard]] bool is_unacknowledged(AlarmStateCode state) noexcept;
// And nobody has silenced it: it ought to be heard, if its priority has a sound.
[[nodiscard]] bool calls_somebody(const AlarmInfo& alarm) noexcept;

}  // namespace penstock::client
