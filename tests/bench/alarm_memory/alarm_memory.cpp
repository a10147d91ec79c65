// Bytes per alarm: how much the heap grows from 10,000 to 110,000 alarms with names and texts in two languages, four to a tag (a limit
// group of the policy `limits`) or each with a tag of its own; a tenth of them stands. Catalog, table, judging with its policy, and the
// list of what is durable; not the tags. The peer is the target of 300 bytes.

#include <malloc.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "core/alarms/alarm_catalog_builder.hpp"
#include "core/alarms/judging.hpp"
#include "core/alarms/live_alarms.hpp"
#include "core/alarms/make_judging_plan.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "tests/bench/bench_report.hpp"

namespace {

using namespace penstock;
using namespace penstock::alarms;

constexpr double kTarget = 300;
const Now kNow{utc_from_ns(1'700'000'000'000'000'000), MonotonicTime(std::chrono::hours(1))};

double heap_bytes() {
    malloc_trim(0);
    const auto info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
}

std::string tag_name(int n) { return "works.pump_" + std::to_string(n) + ".pressure"; }

std::shared_ptr<const tags::TagCatalog> make_tags(int count) {
    tags::TagCatalogBuilder builder;
    for (int n = 0; n < count; ++n) {
        const auto name = tag_name(n);
        tags::TagDefinition tag;
        tag.name = name;
        builder.add(tag);
    }
    tags::TagIdStore ids;
    return builder.build(ids).value();
}

constexpr std::string_view kLimits[] = {"high", "high_high", "low", "low_low"};

std::shared_ptr<const AlarmCatalog> make_alarms(int count, std::size_t per_tag, const tags::TagCatalog& tags) {
    AlarmCatalogBuilder builder({"en", "de"}, {AlarmClass{.name = "process"}}, {});
    for (int n = 0; n < count / static_cast<int>(per_tag); ++n) {
        const auto tag = tag_name(n);
        const std::string_view texts[] = {"Pressure: {value} {unit}", "Druck: {value} {unit}"};
        const std::string_view responses[] = {"Open the bypass and look after the valve",
                                              "Bypass öffnen und nach dem Ventil sehen"};
        std::vector<ParameterDefinition> parameters{{.name = "hysteresis", .number = 0.2, .tag = {}}};
        std::vector<OutputDefinition> outputs;
        for (const auto limit : std::span(kLimits).first(per_tag)) {
            const auto name = tag + '.' + std::string(limit);
            AlarmDefinition alarm;
            alarm.name = name;
            alarm.area = n % 2 == 0 ? "works/north" : "works/south";
            alarm.file = "alarms/pumps.json";
            alarm.line = static_cast<std::uint32_t>(n);
            alarm.on_delay = std::chrono::seconds(n % 5);
            alarm.texts = texts;
            alarm.response = responses;
            const bool is_high = limit.starts_with("high");
            parameters.push_back({.name = limit, .number = is_high ? 5.0 + n % 10 : -5.0, .tag = {}});
            outputs.push_back({.name = limit, .alarm = builder.add(alarm), .rule = {}});
        }
        builder.add_point({.policy = "alarm_policy.limits", .input_tag = tag, .parameters = parameters, .outputs = outputs});
    }
    tags::TagIdStore ids;
    return builder.build(tags, ids).value();
}

class Sink final : public TransitionSink {
public:
    explicit Sink(LiveAlarms& live) : live_(live) {}
    journal::Position write(const Transition& transition, Now now) override {
        live_.note(transition, ++position_, now.utc);
        return position_;
    }

private:
    LiveAlarms& live_;
    journal::Position position_ = 0;
};

void set(tags::TagTable& table, tags::TagId tag, double value) {
    const auto ms = tags::CellState::ms_of(to_ns(kNow.utc));
    tags::TagTable::store(table.cell(tag), {.value = word_of(value),
                                            .raw = word_of(value),
                                            .source_time = static_cast<std::uint64_t>(to_ns(kNow.utc)),
                                            .received = tags::CellState::pack_received(ms, tags::kNoCause),
                                            .since = tags::CellState::pack_since(ms, QualityCode::good, true)});
}

// What all that belongs to so many alarms takes.
double bytes_of(int count, std::size_t per_tag, const PolicyMaker& make_policy) {
    const auto tags = make_tags(count);
    tags::TagTable table(tags, kNow.utc);
    // Where there are four, the two above stand.
    const auto nth = per_tag == 1 ? 10 : 5;
    for (int n = 0; n < count; ++n) set(table, static_cast<tags::TagId>(n), n % nth == 0 ? 100 : 1);

    const auto before = heap_bytes();
    const auto alarms = make_alarms(count, per_tag, *tags);
    LiveAlarms live(alarms, tags, [] { return std::numeric_limits<journal::Position>::max(); });
    Sink sink(live);
    AlarmTable states(alarms->rules(), sink);
    auto plan = make_judging_plan(*alarms, make_policy);
    if (!plan) throw std::runtime_error(plan.error().text());
    Judging judging(*std::move(plan), table, states);
    judging.begin(kNow);
    judging.run(kNow);
    judging.run({kNow.utc, kNow.monotonic + std::chrono::seconds(10)});
    const auto standing = live.standing("", [](std::string_view) { return true; }).size();
    if (standing != static_cast<std::size_t>(count) / 10) throw std::runtime_error("another number of alarms stands");
    return heap_bytes() - before;
}

}  // namespace

int main(int argc, char** argv) try {
    const auto options = bench::parse_options(argc, argv, 3);
    const int few = options.smoke ? 1'000 : 10'000;
    const int many = options.smoke ? 11'000 : 110'000;
    const auto plugins = guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR});
    const PolicyMaker make_policy = [&](const std::string& id) -> Result<std::unique_ptr<guests::PolicyInstance>> {
        const auto library = plugins.load(id);
        if (!library) return std::unexpected(library.error());
        const auto settings = std::make_shared<base::SettingsDocument>(base::SettingsDocument::parse("{}").value());
        return guests::make_policy(*library, settings, id);
    };
    for (const std::size_t per_tag : {4U, 1U}) {
        const auto growth = [&] {
            return (bytes_of(many, per_tag, make_policy) - bytes_of(few, per_tag, make_policy)) / (many - few);
        };
        const auto medians = bench::measure(options.runs, growth, [] { return kTarget; });
        const auto* const metric = per_tag == 1 ? "heap_bytes_per_lone_alarm" : "heap_bytes_per_alarm";
        bench::print({.bench = "alarm_memory", .metric = metric, .unit = "B", .peer = "target"}, medians, options.runs);
    }
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "alarm_memory: %s\n", error.what());
    return 1;
}
