#pragma once

// alarms/**.json and the alarms of types: read before the last word on tags, as their expressions become calculated tags; judged when
// tags and screens are known.

#include "core/site/alarms/alarm_reader.hpp"
#include "core/site/alarms/suppression.hpp"

namespace penstock::site {

class AlarmLoader {
public:
    AlarmLoader(LoadContext& context, TagChecker& tags);

    // After the tags of files, before TagChecker::finish().
    void read(const std::vector<Entry>& files);
    // After the screens.
    void finish();

private:
    void read_file(const Entry& file);
    void read_alarms_of_types();

    LoadContext& context_;
    AlarmDrafts drafts_;
    PolicyTable policies_;
    AlarmReader alarms_;
    RuleReader rules_;
};

// The tags of a site with alarms that the engine itself writes: key figures of each area.
void add_alarm_tags(LoadContext& context);

}  // namespace penstock::site
