#pragma once

// How good the alarms are, counted as they happen: per plant, area (with all below) and class, and per operator what is his doing.
//
//     KeyFigures figures(alarms);
//     figures.note(transition, now);                         // every transition, in order
//     if (now.monotonic >= figures.due()) figures.values(now, values);   // one for each of figures.tags()
//
// The engine never waits for who asks: it leaves its transitions, and its figures come a moment later while somebody is answered.
//
// Times are UTC, as recorded, so that the last day's events can be counted again after a start. A clock that is set back counts as
// standing still.

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <penstock/operations.hpp>

#include "core/alarms/alarm_catalog.hpp"
#include "core/alarms/figure_definitions.hpp"
#include "core/alarms/start_counter.hpp"
#include "core/alarms/transition.hpp"

namespace penstock::alarms {

class KeyFigures final {
public:
    static constexpr Duration kPeriod = std::chrono::seconds(10);

    explicit KeyFigures(std::shared_ptr<const AlarmCatalog> alarms, std::vector<std::string> areas);
    ~KeyFigures();

    // [engine], or before it runs for what was
    void note(const Transition& transition, Now now);

    // --- for the tags [engine] ---
    [[nodiscard]] MonotonicTime due() const noexcept { return due_; }
    // Of every figure of every scope, in an order that stays.
    [[nodiscard]] std::vector<std::string> tags() const;
    // Their values, in the same order; the next are due a period later, or a second after the next transition. False: somebody is being
    // answered; they are due in a second.
    [[nodiscard]] bool values(Now now, std::vector<double>& into);

    // For people. `covers`: areas that the caller may see. `language`: of texts, into the catalog's languages(). [any-thread]
    [[nodiscard]] AlarmFiguresReply describe(const AlarmFiguresRequest& request,
                                             const std::function<bool(std::string_view area)>& covers, UtcTime now,
                                             std::size_t language = 0);

private:
    struct Scope {
        std::string name;  // "area.works.intake"
        std::string area;  // of areas
        StartCounter starts;
        std::uint64_t total = 0;
        std::uint32_t standing = 0, unacknowledged = 0, stale = 0, chattering = 0, fleeting = 0;
        std::array<std::uint32_t, 10> top{};  // how often its most frequent alarms began within a day, most first
        double acknowledge_seconds = 0;
        std::uint64_t acknowledged = 0;
    };
    using ScopeNumbers = std::vector<std::uint32_t>;
    struct OneAlarm {
        const ScopeNumbers* scopes = nullptr;  // into scopes_of_
        std::array<std::int64_t, 3> raised{};  // the last three times, seconds; 0 = never
        std::int64_t chattered = 0, was_fleeting = 0;  // when last
        std::uint32_t in_day = 0;
        bool stands = false, is_called = false;  // called: somebody is to acknowledge
    };
    struct Start {
        std::int64_t second;
        AlarmId alarm;
    };
    struct Noted {
        AlarmId alarm;
        AlarmEvent event;
        AlarmState to;
        std::int64_t second;
        std::string user;  // of an acknowledgement
    };
    struct Operator {
        double seconds = 0;
        std::uint64_t acknowledged = 0;
    };

    void catch_up();  // mutex_ is held
    void count(const Noted& noted);
    void add_scope(std::string name, std::string area);
    [[nodiscard]] const ScopeNumbers& scopes_of(AlarmId alarm);
    void take_start(OneAlarm& known, AlarmId alarm, std::int64_t second);
    void take_acknowledgement(const OneAlarm& known, const std::string& user, std::int64_t second);
    [[nodiscard]] bool chatters(const OneAlarm& known) const noexcept;
    [[nodiscard]] bool is_fleeting(const OneAlarm& known) const noexcept;
    [[nodiscard]] bool is_stale(const OneAlarm& known) const noexcept;
    void move_to(std::int64_t second);
    void count_now();
    [[nodiscard]] double figure(const Scope& scope, FigureId id) const;
    [[nodiscard]] bool is_of(const Scope& scope, AlarmId alarm) const;
    void describe_scopes(AlarmFiguresReply& reply, std::string_view area,
                         const std::function<bool(std::string_view area)>& covers) const;
    void describe_operators(AlarmFiguresReply& reply) const;
    void describe_offenders(AlarmFiguresReply& reply, std::string_view area,
                            const std::function<bool(std::string_view area)>& covers, std::size_t language) const;

    std::shared_ptr<const AlarmCatalog> alarms_;
    mutable std::mutex mutex_;  // guards what follows
    std::vector<Scope> scopes_;  // the plant, areas, classes
    std::map<std::pair<std::string, std::uint8_t>, ScopeNumbers, std::less<>> scopes_of_;  // by area and class
    std::unordered_map<AlarmId, OneAlarm> known_;  // raised within a day, or standing
    std::deque<Start> starts_;  // of the last day
    std::map<std::string, Operator> operators_;
    std::int64_t second_ = 0, since_ = 0;
    std::mutex noted_mutex_;  // guards noted_; held for moments only, taken after mutex_
    std::vector<Noted> noted_;
    MonotonicTime due_{};  // [engine]
};

}  // namespace penstock::alarms
