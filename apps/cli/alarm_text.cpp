#include "apps/cli/alarm_text.hpp"

#include <cmath>
#include <ctime>
#include <map>

#include "apps/cli/text.hpp"
#include "apps/cli/times.hpp"
#include "core/base/readable.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

std::tm local(UtcTime time) {
    const auto seconds = static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return parts;
}

std::string formatted(const std::tm& parts, const char* format) {
    char text[64];
    return {text, std::strftime(text, sizeof text, format, &parts)};
}

// "2 high", or the number where the site gave no name.
std::string priority_text(std::uint8_t priority, const std::vector<AlarmPriority>& priorities) {
    auto text = std::to_string(priority);
    for (const auto& each : priorities)
        if (each.priority == priority && !each.name.empty()) text += ' ' + printable(each.name);
    return text;
}

std::string state_text(const AlarmInfo& info) {
    auto text = base::in_words(to_string(info.state));
    if (info.is_uncertain) text += ", uncertain";
    if (info.is_silenced) text += ", silenced";
    if (info.state == AlarmStateCode::acknowledged && !info.acknowledged_by.empty())
        text += " by " + printable(info.acknowledged_by);
    if (info.to_confirm && info.state == AlarmStateCode::acknowledged) text += ", to be confirmed";
    if (info.state == AlarmStateCode::shelved && !info.shelved_by.empty()) text += " by " + printable(info.shelved_by);
    if (!info.reason.empty()) text += ": " + printable(info.reason);
    return text;
}

std::string value_and_limit(const AlarmInfo& info) {
    if (!info.value.has_value()) return "-";
    auto text = readable_text(info.value, info.unit);
    if (info.limit.has_value()) text += " (limit " + base::readable(info.limit) + ')';
    return text;
}

std::string id_text(const AlarmInfo& info) { return info.id == 0 ? "-" : std::to_string(info.id); }

// Figures are read, not computed with: three digits behind the point at most.
std::string figure_text(const AlarmFigure& figure) {
    if (std::isnan(figure.value)) return "-";
    const auto rounded = std::round(figure.value * 1'000) / 1'000;
    return value_text(Value(rounded), figure.unit);
}

std::string offence_text(const AlarmOffender& offender) {
    std::string text;
    const auto add = [&text](bool is_so, std::string_view word) {
        if (is_so) text += (text.empty() ? "" : ", ") + std::string(word);
    };
    add(offender.is_chattering, "chattering");
    add(offender.is_fleeting, "fleeting");
    add(offender.is_stale, "stale");
    return text;
}

}  // namespace

std::string short_local_time(UtcTime time, UtcTime now) {
    if (time == UtcTime()) return "-";
    const auto parts = local(time), today = local(now);
    const bool is_today = parts.tm_year == today.tm_year && parts.tm_yday == today.tm_yday;
    const bool is_this_year = parts.tm_year == today.tm_year;
    return formatted(parts, is_today ? "%H:%M:%S" : is_this_year ? "%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M:%S");
}

std::string with_zone(std::string_view head, UtcTime now) {
    return std::string(head) + " (" + formatted(local(now), "%Z") + ')';
}

std::string list_text(const std::vector<AlarmInfo>& alarms, const std::vector<AlarmPriority>& priorities, UtcTime now) {
    if (alarms.empty()) return {};
    Table table;
    table.row({"id", "state", "priority", with_zone("since", now), "alarm", "text", "value"});
    for (const auto& info : alarms) {
        auto state = state_text(info);
        if (info.shelved_until != UtcTime()) state += ", until " + short_local_time(info.shelved_until, now);
        table.row({id_text(info), state, priority_text(info.priority, priorities), short_local_time(info.since, now),
                   printable(info.alarm), printable(info.text), value_and_limit(info)});
    }
    return table.text();
}

std::string steps_text(const std::vector<AlarmInfo>& steps, const std::vector<AlarmPriority>& priorities, UtcTime now) {
    if (steps.empty()) return {};
    Table table;
    table.row({"id", with_zone("time", now), "step", "priority", "alarm", "text", "value", "by"});
    for (const auto& step : steps) {
        auto who = printable(step.user);
        if (!step.station.empty()) who += " at " + printable(step.station);
        const auto& remark = step.comment.empty() ? step.reason : step.comment;
        if (!remark.empty()) who += (who.empty() ? "" : ": ") + printable(remark);
        table.row({id_text(step), short_local_time(step.since, now), base::in_words(to_string(step.event)),
                   priority_text(step.priority, priorities), printable(step.alarm), printable(step.text), value_and_limit(step),
                   who});
    }
    return table.text();
}

std::string counts_text(const std::vector<AlarmCount>& counts) {
    AlarmCount all;
    std::map<std::uint8_t, AlarmCount> by_priority;
    for (const auto& count : counts) {
        for (auto* const sum : {&all, &by_priority[count.priority]}) {
            sum->unacknowledged += count.unacknowledged;
            sum->standing += count.standing;
            sum->shelved += count.shelved;
            sum->suppressed += count.suppressed;
            sum->out_of_service += count.out_of_service;
        }
    }
    auto text = std::to_string(all.standing) + " standing, " + std::to_string(all.unacknowledged) + " of them unacknowledged";
    std::string each;
    for (const auto& [priority, sum] : by_priority) {
        if (sum.standing == 0) continue;
        each += (each.empty() ? "" : ", ") + ("priority " + std::to_string(priority)) + ": "
                + std::to_string(sum.unacknowledged) + " of " + std::to_string(sum.standing);
    }
    if (!each.empty()) text += " (" + each + ')';
    return text + "; " + std::to_string(all.shelved) + " shelved, " + std::to_string(all.suppressed) + " suppressed, "
           + std::to_string(all.out_of_service) + " out of service";
}

std::string json_of(const std::vector<AlarmInfo>& alarms) {
    auto list = wire::Json::array();
    for (const auto& info : alarms) {
        const auto all = wire::to_json(info);
        auto json = wire::Json::object();
        for (const auto* key : {"id", "alarm", "tag", "area", "state", "priority", "text", "since"}) json[key] = all.at(key);
        json["shelved"] = info.state == AlarmStateCode::shelved;
        json["acked_by"] = all.at("acked_by");
        json.update(all);
        list.push_back(std::move(json));
    }
    return wire::json_line(list);
}

std::string explanation(const ExplainAlarmReply& reply) {
    Table table;
    const auto line = [&](std::string_view what, const std::string& text) {
        if (!text.empty()) table.row({std::string(what), printable(text)});
    };
    const auto& info = reply.info;
    line("alarm", info.alarm);
    line("id", id_text(info));
    line("state", reply.state_sentence.empty() ? state_text(info) : reply.state_sentence);
    line("text", info.text);
    line("priority", std::to_string(info.priority));
    line("class", info.alarm_class);
    line("area", info.area);
    line("policy", reply.policy);
    line("input", reply.input);
    for (const auto& each : reply.parameters)
        line(each.name, each.tag.empty() ? each.value : each.value + ", from the tag " + each.tag);
    for (const auto& rule : reply.suppressed_by) line("suppressed by", rule);
    for (const auto& rule : reply.suppressed_if) line("suppressed if", rule);
    line("cause", reply.cause);
    line("consequence", reply.consequence);
    line("response", reply.response);
    if (reply.time_to_respond > Duration(0)) line("time to respond", base::readable(reply.time_to_respond));
    line("screen", info.screen);
    line("defined at", reply.origin);
    for (const auto& event : reply.last) line("event", time_text(event.time) + "  " + event.sentence());
    return table.text();
}

std::string figures_text(const AlarmFiguresReply& reply) {
    Table figures;
    figures.row({"", "scope", "figure", "value", "recommended"});
    for (const auto& each : reply.figures)
        figures.row({each.is_beyond ? "!" : "", printable(each.scope), printable(each.figure), figure_text(each),
                     printable(each.recommended)});
    auto text = reply.figures.empty() ? std::string("no figures yet\n") : figures.text();
    if (reply.top.empty()) return text;
    Table top;
    top.row({"count", "share", "alarm", "text", "remark"});
    for (const auto& each : reply.top)
        top.row({std::to_string(each.count), std::to_string(std::lround(each.share * 100)) + " %", printable(each.alarm),
                 printable(each.text), offence_text(each)});
    return text + '\n' + top.text();
}

}  // namespace penstock::cli
