#pragma once

// What the server knows of single alarms: meaning, cause, consequence, what to do. Asked for when somebody looks at one, renewed when it
// takes a step and now and then for its input's value, forgotten when nobody looks any more.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <penstock/session.hpp>
#include <penstock/time.hpp>

namespace penstock::client {

struct ExplainedAlarm {
    ExplainAlarmReply reply;  // as the server answered last
    bool is_known = false;  // it has answered at all
    bool is_old = true;  // not of this connection, or there is none
    std::string fault;  // why nothing is known
};

// All of it: on the thread that polls the session.
class AlarmExplainer {
public:
    static constexpr Duration kRefresh = 2s;  // the input's value is of then at the earliest
    static constexpr Duration kAfterStep = 250ms;  // a chattering alarm takes many steps
    static constexpr Duration kForget = 10s;

    explicit AlarmExplainer(Session& session);
    ~AlarmExplainer();
    AlarmExplainer(const AlarmExplainer&) = delete;
    AlarmExplainer& operator=(const AlarmExplainer&) = delete;

    // Valid until the next poll().
    const ExplainedAlarm& look_at(std::string_view alarm, MonotonicTime now);
    // Of texts: one of HelloReply::languages; "" = the site's first.
    void set_language(std::string language);

    // An alarm took a step; "" = any of them may have.
    void stepped(std::string_view alarm);
    // Asks for what is due. When it wants to be called next.
    std::optional<MonotonicTime> poll(MonotonicTime now);
    void link_lost();
    void connected_anew();

    // Another number whenever something has changed.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

private:
    struct Entry {
        ExplainedAlarm shown;
        MonotonicTime looked{}, asked{}, due{};
        bool is_asked = false, is_stepped = false;
    };
    void ask(const std::string& alarm, Entry& entry, MonotonicTime now);
    void take(const std::string& alarm, Result<ExplainAlarmReply> reply);

    Session* session_;
    std::string language_;
    std::map<std::string, Entry, std::less<>> alarms_;
    std::uint64_t round_ = 0;  // answers of an earlier connection, or in another language, are not taken
    std::uint64_t version_ = 0;
    std::shared_ptr<AlarmExplainer*> self_;
};

}  // namespace penstock::client
