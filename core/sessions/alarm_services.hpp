#pragma once

// What sessions need of the plant's alarms. The server implements it; a plant without alarms has none (Plant::alarms is null).
//
// Every call comes after authorise(). Alarms of areas that the grant does not cover do not exist. Nothing blocks: answers come later,
// on any thread (also from inside the call); a callback that dies unused has answered `unavailable`.

#include <functional>
#include <string>

#include <penstock/operations.hpp>

#include "core/sessions/rights.hpp"

namespace penstock::sessions {

class AlarmServices {
public:
    virtual ~AlarmServices() = default;

    struct Asker {
        std::string user, station;
        Grant grant = Grant::everywhere();
    };
    template <class Reply>
    using OnReply = std::move_only_function<void(Result<Reply>)>;

    // [any-thread]
    virtual void alarms(const Asker& asker, AlarmsRequest request, OnReply<AlarmsReply> done) = 0;
    // Answers when what was done is durable.
    virtual void act(const Asker& asker, AlarmActionRequest request, OnReply<AlarmActionReply> done) = 0;
    virtual void explain(const Asker& asker, ExplainAlarmRequest request, OnReply<ExplainAlarmReply> done) = 0;
    virtual void figures(const Asker& asker, AlarmFiguresRequest request, OnReply<AlarmFiguresReply> done) = 0;
};

}  // namespace penstock::sessions
