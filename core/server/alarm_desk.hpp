#pragma once

// What sessions ask of the plant's alarms: the list is answered from LiveAlarms, history from the events index, and what people do goes
// to the engine.

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "core/alarms/alarm_catalog.hpp"
#include "core/alarms/alarm_command.hpp"
#include "core/alarms/key_figures.hpp"
#include "core/alarms/live_alarms.hpp"
#include "core/base/clock.hpp"
#include "core/sessions/alarm_services.hpp"
#include "core/sessions/history_services.hpp"
#include "core/tags/tag_reader.hpp"

namespace penstock::server {

// What the desk stands on. All outlive it.
struct AlarmDeskParts {
    std::shared_ptr<const alarms::AlarmCatalog> alarms;
    alarms::LiveAlarms* live = nullptr;
    sessions::HistoryServices* history = nullptr;
    alarms::KeyFigures* figures = nullptr;
    tags::TagReader reader;
    // Error unavailable: too many wait, or the engine has stopped; `done` is then never called. [any-thread]
    std::function<Result<void>(alarms::AlarmCommand)> post;
    const base::Clock* clock = nullptr;
    alarms::LiveAlarms::IsUncertain is_uncertain;  // [any-thread]
};

class AlarmDesk final : public sessions::AlarmServices {
public:
    explicit AlarmDesk(AlarmDeskParts parts);
    ~AlarmDesk() override;

    void alarms(const Asker& asker, AlarmsRequest request, OnReply<AlarmsReply> done) override;
    void act(const Asker& asker, AlarmActionRequest request, OnReply<AlarmActionReply> done) override;
    void explain(const Asker& asker, ExplainAlarmRequest request, OnReply<ExplainAlarmReply> done) override;
    void figures(const Asker& asker, AlarmFiguresRequest request, OnReply<AlarmFiguresReply> done) override;

private:
    struct HistorySearch;
    struct Wanted;
    static void search(const std::shared_ptr<HistorySearch>& search);
    [[nodiscard]] Wanted wanted(const Asker& asker, const AlarmActionRequest& request);
    [[nodiscard]] std::optional<Error> asked_for(alarms::AlarmId alarm, const AlarmActionRequest& request) const;
    // Into the catalog's languages; "" is the first. Error invalid_argument: the site has no texts in it.
    [[nodiscard]] Result<std::size_t> language(std::string_view name) const;
    // Why there is nothing: no alarm that he may see belongs to the area. Nothing if one does, or it is "".
    [[nodiscard]] std::optional<Error> unknown_area(std::string_view area, const sessions::Grant& grant) const;
    [[nodiscard]] Error unknown(std::string_view name, const sessions::Grant& grant) const;

    AlarmDeskParts parts_;
};

}  // namespace penstock::server
