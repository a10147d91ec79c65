#pragma once

// Reads alarms and groups of alarms as they are written, one after another, into SiteAlarms. What has to wait for tags and screens goes
// into AlarmDrafts.

#include <cstdint>
#include <span>
#include <string>

#include "core/site/alarms/alarm_slots.hpp"
#include "core/site/alarms/point_reader.hpp"

namespace penstock::site {

class AlarmReader {
public:
    AlarmReader(LoadContext& context, TagChecker& tags, PolicyTable& policies, AlarmDrafts& drafts)
        : context_(context),
          faults_(context.faults),
          alarms_(context.content.alarms),
          policies_(policies),
          drafts_(drafts),
          point_(context, tags, drafts) {
        alarms_.builder.emplace(context.content.languages, alarms_.classes, alarms_.priorities);
    }

    // `instance`: whose type has it, null for none; lives as long as the context.
    void read(const JsonView& object, const InstancePlace* instance);

private:
    [[nodiscard]] std::string_view take_name();
    void read_flat(const KnownPolicy& policy, std::string_view name);
    void read_group(const KnownPolicy& policy, std::string_view name);
    void read_output(const JsonView& object, std::string_view output, const KnownPolicy& policy, std::string_view name);
    void take_limit(std::string_view output, const KnownPolicy& policy);
    void take_group_hides(alarms::AlarmPlace first);
    void take_output_hides(alarms::AlarmPlace place);

    // An alarm of what own_ and, in a group, output_ say.
    alarms::AlarmPlace add_alarm(std::string_view name, std::string_view was, const JsonView& at);
    [[nodiscard]] JsonView value(AlarmKey key) const;
    [[nodiscard]] bool is_given(AlarmKey key) const;  // perhaps with a fault
    void take_class(alarms::AlarmDefinition& alarm);
    void take_priority(alarms::AlarmDefinition& alarm);
    void take_texts(alarms::AlarmDefinition& alarm, const JsonView& at);
    void take_delay(AlarmKey key, Duration& delay, std::string_view& tag);
    void check_mandatory(const alarms::AlarmDefinition& alarm, const JsonView& at);
    void keep(const alarms::AlarmDefinition& alarm, const JsonView& at);

    LoadContext& context_;
    FaultList& faults_;
    SiteAlarms& alarms_;
    PolicyTable& policies_;
    AlarmDrafts& drafts_;
    PointReader point_;

    // Of what is read now.
    AlarmSlots own_, output_;
    bool is_output_ = false;
    bool is_sound_ = false;  // its name is known, so others can name it
    const InstancePlace* instance_ = nullptr;
    std::string_view enable_tag_;
    std::vector<std::string_view> texts_;  // of one alarm
    NameTable entries_;  // names of alarms and groups as written
};

enum class Placeholders : std::uint8_t { filled_in, none };
// Texts of a local text, `texts` beside the site's languages; "" stays where it has none. Faults: unknown languages and placeholders,
// none in the first language.
void take_local_text(const JsonView& value, Placeholders placeholders, LoadContext& context, std::span<std::string_view> texts);

}  // namespace penstock::site
