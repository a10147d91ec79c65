#include "core/site/archive_reader.hpp"

#include <algorithm>
#include <cmath>

#include <penstock/settings.hpp>

#include "core/base/suggest.hpp"
#include "core/site/tag_values.hpp"

namespace penstock::site {
namespace {

Duration duration_of(const JsonView& value, Duration otherwise) {
    if (!value.exists()) return otherwise;
    return parse_duration(value.text()).value_or(otherwise);
}

const KeyFormat& interval_format() { return *find_key(*find_key(tag_format(), "archive")->object, "interval"); }

bool is_allowed(Duration interval) {
    const double ms = std::chrono::duration<double, std::milli>(interval).count();
    return ms >= interval_format().low && ms <= interval_format().high;
}

// Equal rules written alike are stored once, without comparing all of them.
std::string key_of(const tags::ArchiveRule& rule) {
    std::string key;
    for (const Duration duration :
         {rule.interval, rule.min_interval, rule.max_interval, rule.keep_raw, rule.keep_minutes, rule.keep_hours}) {
        key += std::to_string(duration.count()) + ' ';
    }
    key += number_text(rule.deadband) + (rule.mode == tags::ArchiveMode::cyclic ? " cyclic" : " on_change");
    for (const std::string& historian : rule.historians) key += ' ' + historian;
    return key;
}

}  // namespace

const tags::ArchiveRule* ArchiveReader::read(const TagDraft& draft, const tags::TagDefinition& tag,
                                             const std::vector<std::string>* historians) {
    tags::ArchiveRule rule;
    rule.keep_raw = kKeepRaw;
    rule.keep_minutes = kKeepMinutes;
    rule.keep_hours = kKeepHours;
    const JsonView& archive = draft.archive_json;
    if (draft.document != nullptr && archive.is_object()) {
        if (!read_object(archive, tag, historians, rule)) return nullptr;
    } else if (draft.document != nullptr) {
        if (archive.text() == "on_change") rule.mode = tags::ArchiveMode::on_change;
    } else if (!read_cell(draft, rule)) {
        return nullptr;
    }
    if (rule.mode == tags::ArchiveMode::off) return nullptr;
    auto key = key_of(rule);
    return &rules_.try_emplace(std::move(key), std::move(rule)).first->second;
}

bool ArchiveReader::read_cell(const TagDraft& draft, tags::ArchiveRule& rule) {
    const std::string_view cell = draft.archive_cell;
    if (cell == "off") return true;
    if (cell == "on_change") {
        rule.mode = tags::ArchiveMode::on_change;
        return true;
    }
    const auto interval = parse_duration(cell);
    if (interval && is_allowed(*interval)) {
        rule.mode = tags::ArchiveMode::cyclic;
        rule.interval = *interval;
        return true;
    }
    const auto near = base::nearest(cell, find_key(tag_format(), "archive")->words, 1);
    add_fault(faults_, draft, TagKey::archive,
              "\"archive\" is " + in_quotes(cell) + "; wanted \"off\", \"on_change\" or an interval from 1ms to 1d",
              near.empty() ? "" : "did you mean \"" + std::string(near.front()) + "\"?");
    return false;
}

bool ArchiveReader::read_object(const JsonView& archive, const tags::TagDefinition& tag,
                                const std::vector<std::string>* historians, tags::ArchiveRule& rule) {
    is_fine_ = true;
    rule.mode = archive.find("mode").text() == "cyclic" ? tags::ArchiveMode::cyclic : tags::ArchiveMode::on_change;
    rule.interval = duration_of(archive.find("interval"), {});
    rule.min_interval = duration_of(archive.find("min_interval"), {});
    rule.max_interval = duration_of(archive.find("max_interval"), {});
    if (const JsonView deadband = archive.find("deadband"); deadband.exists()) rule.deadband = deadband.number();
    check_mode(archive, rule);
    check_deadband(archive, tag, rule);
    check_intervals(archive, rule);
    take_retention(archive, rule);
    take_historians(archive, historians, rule);
    return is_fine_;
}

void ArchiveReader::refuse(const JsonView& at, std::string sentence, std::string hint) {
    add_fault(faults_, at, std::move(sentence), std::move(hint));
    is_fine_ = false;
}

// Keys of the other mode are faults: who writes them expects something that will not happen.
void ArchiveReader::check_mode(const JsonView& archive, const tags::ArchiveRule& rule) {
    const bool is_cyclic = rule.mode == tags::ArchiveMode::cyclic;
    const JsonView interval = archive.find("interval");
    if (is_cyclic && !interval.exists()) {
        refuse(archive.find("mode"), "\"mode\" is \"cyclic\", which wants an \"interval\"", "such as \"interval\": \"1s\"");
    }
    if (!is_cyclic && interval.exists()) {
        refuse(interval, "an \"interval\" goes with the mode \"cyclic\"; this archive is \"on_change\"",
               "\"min_interval\" limits how often changes are kept");
    }
    if (!is_cyclic) return;
    for (const std::string_view key : {"deadband", "min_interval", "max_interval"}) {
        if (const JsonView other = archive.find(key); other.exists())
            refuse(other, "\"" + std::string(key) + "\" goes with the mode \"on_change\"; this archive is \"cyclic\"");
    }
}

void ArchiveReader::check_deadband(const JsonView& archive, const tags::TagDefinition& tag, const tags::ArchiveRule& rule) {
    const JsonView deadband = archive.find("deadband");
    if (!deadband.exists()) return;
    if (tag.type != ValueType::none && !is_number(tag.type)) {
        return refuse(deadband,
                      "a deadband wants a number, but the tag is of type \"" + std::string(to_string(tag.type)) + "\"");
    }
    const double width = tag.range_high - tag.range_low;  // NaN without a range
    if (rule.deadband >= width) {
        refuse(deadband, "the deadband " + number_text(rule.deadband) + " is as wide as the tag's range, "
                             + number_text(tag.range_low) + " to " + number_text(tag.range_high) + ": no change would be kept");
    }
}

void ArchiveReader::check_intervals(const JsonView& archive, const tags::ArchiveRule& rule) {
    const JsonView least = archive.find("min_interval");
    const JsonView most = archive.find("max_interval");
    if (!least.exists() || !most.exists() || rule.min_interval < rule.max_interval) return;
    refuse(least, "\"min_interval\" is " + in_quotes(least.text()) + ", which is not below \"max_interval\", "
                      + in_quotes(most.text()));
}

void ArchiveReader::take_retention(const JsonView& archive, tags::ArchiveRule& rule) {
    const JsonView raw = archive.find("keep_raw");
    const JsonView minutes = archive.find("keep_minutes");
    const JsonView hours = archive.find("keep_hours");
    rule.keep_raw = duration_of(raw, kKeepRaw);
    // A shorter one that is written moves a longer default: {"keep_hours": "30d"} alone keeps nothing longer than that.
    if (!raw.exists())
        rule.keep_raw = std::min({rule.keep_raw, duration_of(minutes, kKeepMinutes), duration_of(hours, kKeepHours)});
    rule.keep_minutes = duration_of(minutes, std::max(std::min(kKeepMinutes, duration_of(hours, kKeepHours)), rule.keep_raw));
    rule.keep_hours = duration_of(hours, std::max(kKeepHours, rule.keep_minutes));
    if (rule.keep_minutes < rule.keep_raw) {
        refuse(minutes, "\"keep_minutes\" is " + in_quotes(minutes.text()) + ", shorter than \"keep_raw\", "
                            + in_quotes(raw.text()) + ": minutes are kept beside the samples and after them");
    }
    if (rule.keep_hours < rule.keep_minutes) {
        const JsonView& other = minutes.exists() ? minutes : raw;
        refuse(hours, "\"keep_hours\" is " + in_quotes(hours.text()) + ", shorter than \""
                          + std::string(minutes.exists() ? "keep_minutes" : "keep_raw") + "\", " + in_quotes(other.text()));
    }
}

void ArchiveReader::take_historians(const JsonView& archive, const std::vector<std::string>* known, tags::ArchiveRule& rule) {
    for (const JsonView historian : archive.find("historians")) {
        const std::string id(historian.text());
        if (std::ranges::find(rule.historians, id) != rule.historians.end()) {
            refuse(historian, "the historian " + in_quotes(id) + " is here a second time");
        } else if (known != nullptr && std::ranges::find(*known, id) == known->end()) {
            refuse(historian, "the historian " + in_quotes(id) + " is not in \"plugins\" of site.json",
                   base::did_you_mean(id, std::span<const std::string>(*known)));
        }
        rule.historians.push_back(id);
    }
}

}  // namespace penstock::site
