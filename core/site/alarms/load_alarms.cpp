#include "core/site/alarms/load_alarms.hpp"

#include "core/site/alarms/alarm_checker.hpp"
#include "core/site/alarms/alarm_formats.hpp"
#include "core/site/types/instances.hpp"

namespace penstock::site {

AlarmLoader::AlarmLoader(LoadContext& context, TagChecker& tags)
    : context_(context),
      policies_(context),
      alarms_(context, tags, policies_, drafts_),
      rules_(context, tags, policies_, drafts_) {}

void AlarmLoader::read(const std::vector<Entry>& files) {
    for (const Entry& file : files) read_file(file);
    read_alarms_of_types();
    if (!context_.content.alarms.alarms.empty()) add_alarm_tags(context_);
}

void AlarmLoader::read_file(const Entry& file) {
    const JsonDocument* const document = context_.read_json(file.name);
    const JsonView root = document != nullptr ? document->root() : JsonView();
    if (!root.is_object()) {
        drafts_.knows_all = false;
        if (document != nullptr) check_object(root, alarm_file_format(), context_.faults);
        return;
    }
    for (const JsonView member : root) {
        const bool is_list = (member.key() == "alarms" || member.key() == "suppression") && member.is_array();
        if (!is_list && !check_member(member, alarm_file_format(), context_.faults)) drafts_.knows_all = false;
        if (!is_list) continue;
        for (const JsonView entry : member) {
            if (member.key() == "alarms")
                alarms_.read(entry, nullptr);
            else
                rules_.read(entry);
        }
    }
}

void AlarmLoader::read_alarms_of_types() {
    for (const TypeInstance* const instance : context_.type_alarms) {
        const FaultList::OfInstance scope(context_.faults, &instance->place);
        const auto& list = context_.composites.emplace_back(expand_alarms(*instance, context_));
        for (const JsonView alarm : list->root()) alarms_.read(alarm, &instance->place);
    }
}

void AlarmLoader::finish() {
    AlarmChecker(context_, drafts_).check();
    RuleChecker(context_, drafts_, policies_).check();
}

}  // namespace penstock::site
