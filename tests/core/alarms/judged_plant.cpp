#include "tests/core/alarms/judged_plant.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/guests/plugin_registry.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::alarms::testing {
namespace {

class ActingPolicy final : public AlarmPolicy {
public:
    ActingPolicy(PolicyConduct& conduct, Duration& clock) : conduct_(conduct), clock_(clock) {}
    [[nodiscard]] PolicyShape shape() const override { return conduct_.shape; }
    void resize(std::size_t count) override { holds_.assign(count, 0); }
    void evaluate(const PolicyInputs& in, PolicyVerdicts& out) override {
        clock_ += conduct_.cpu;
        conduct_.rows += in.size();
        if (conduct_.evaluate) return conduct_.evaluate(in, out);
        for (std::size_t row = 0; row < in.size(); ++row) judge(in, row, out);
    }
    [[nodiscard]] std::string save(MonotonicTime) const override { return holds_; }
    void restore(std::string_view state, MonotonicTime) override {
        if (state.size() != holds_.size()) throw LinkError(ErrorCode::protocol, "other points");
        holds_ = state;
    }
    void recall(PointId point, std::uint8_t holds) override { holds_.at(point) = static_cast<char>(holds & 1U); }

private:
    void judge(const PolicyInputs& in, std::size_t row, PolicyVerdicts& out) {
        constexpr double kHysteresis = 2;
        auto& held = holds_.at(in.point[row]);
        const auto limit = given_or(in.parameter(0)[row], kInfinity);
        const bool holds = in.number[row] > limit - (held != 0 ? kHysteresis : 0);
        held = holds ? 1 : 0;
        out.holds[row] = holds ? 1 : 0;
        if (holds)
            out.stay_quiet(row, std::nextafter(limit - kHysteresis, kInfinity), kInfinity);
        else
            out.stay_quiet(row, -kInfinity, limit);
    }
    PolicyConduct& conduct_;
    Duration& clock_;
    std::string holds_;
};

std::shared_ptr<const tags::TagCatalog> make_catalog(std::size_t count) {
    tags::TagCatalogBuilder builder;
    std::vector<std::string> names;
    for (std::size_t n = 0; n <= count; ++n) names.push_back("tag" + std::to_string(1000 + n));
    for (const auto& name : names) {
        tags::TagDefinition tag;
        tag.name = name;
        tag.type = &name == &names.back() ? ValueType::boolean : ValueType::float64;
        builder.add(tag);
    }
    tags::TagIdStore ids;
    return builder.build(ids).value();
}

}  // namespace

JudgedPlant::JudgedPlant(std::size_t tags) { table.emplace(make_catalog(tags), now.utc); }

std::unique_ptr<guests::PolicyInstance> JudgedPlant::make_policy(PolicyConduct& conduct, const std::string& name) {
    const auto clock = std::make_shared<Duration>();
    guests::PluginInfo info;
    info.kind = PluginKind::alarm_policy;
    info.id = name;
    info.version = "1.0.0";
    guests::AlarmPolicyOwner guest(detail::adapt_alarm_policy(std::make_unique<ActingPolicy>(conduct, *clock)));
    return guests::PolicyInstance::make(std::move(guest), info, name, clock, [clock] { return *clock; }).value();
}

std::unique_ptr<guests::PolicyInstance> JudgedPlant::load_policy(const char* file, const std::string& name) {
    static std::vector<guests::PluginRegistry> registries;  // copies of what is loaded lie in their folders
    registries.push_back(guests::PluginRegistry::scan({file}));
    const auto library = registries.back().load(name);
    if (!library) throw std::runtime_error(library.error().text());
    auto settings = std::make_shared<base::SettingsDocument>(base::SettingsDocument::parse("{}").value());
    return guests::make_policy(*library, settings, name).value();
}

void JudgedPlant::start() {
    dependents_ = plan.dependents();
    alarms.emplace(rules, records);
    judging.emplace(std::move(plan), *table, *alarms);
    judging->begin(now);
    cycle();
}

JudgedPlant::Saved JudgedPlant::save() {
    Saved saved;
    alarms->save(now, saved.alarms);
    judging->save(now, saved.policies);
    saved.records = records.written.size();
    return saved;
}

std::vector<std::string> JudgedPlant::restart(const Saved& saved, const std::function<void()>& build) {
    judging.reset();
    plan = {};
    rules = {};
    build();
    dependents_ = plan.dependents();
    alarms.emplace(rules, records);
    if (const auto restored = alarms->restore(saved.alarms, now); !restored) throw std::runtime_error(restored.error().text());
    for (auto n = saved.records; n < records.written.size(); ++n)
        alarms->apply(records.written[n].transition, records.written[n].at.utc, now);
    judging.emplace(std::move(plan), *table, *alarms);
    auto found = judging->restore(saved.policies, now);
    judging->begin(now);
    cycle();
    return found;
}

void JudgedPlant::set(tags::TagId tag, double number, QualityCode quality) {
    auto& cell = table->cell(tag);
    const bool is_bool = table->catalog().type(tag) == ValueType::boolean;
    const auto ms = tags::CellState::ms_of(to_ns(now.utc));
    const auto old = tags::CellState::unpack(0, cell.since.load());
    const auto word = is_bad(quality) ? cell.value.load() : is_bool ? std::uint64_t{number != 0} : word_of(number);
    tags::TagTable::store(cell, {.value = word,
                                 .raw = word,
                                 .source_time = static_cast<std::uint64_t>(to_ns(now.utc)),
                                 .received = tags::CellState::pack_received(ms, tags::kNoCause),
                                 .since = tags::CellState::pack_since(ms, quality, old.has_value || !is_bad(quality))});
    const auto [low, high] = band(tag);
    if (quality == old.quality && number >= low && number <= high) return;
    if (!judging) return;
    for (const auto& dependent : dependents_) {
        if (dependent.tag != tag) continue;
        if (dependent.kind == Dependent::Kind::input) judging->note_point(dependent.index);
        if (dependent.kind == Dependent::Kind::parameter) judging->note_parameter(dependent.index);
        if (dependent.kind == Dependent::Kind::enabling) judging->note_enabling(dependent.index);
    }
}

void JudgedPlant::cycle() {
    judging->run(now);
    for (auto& failure : judging->take_failures()) failures.push_back(std::move(failure));
}

void JudgedPlant::later(Duration by) {
    const auto end = now.monotonic + by;
    const auto go_to = [this](MonotonicTime at) {
        now.utc += at - now.monotonic;
        now.monotonic = at;
        cycle();
    };
    cycle();
    while (judging->due() <= end) go_to(std::max(judging->due(), now.monotonic));
    go_to(end);
}

std::pair<double, double> JudgedPlant::band(tags::TagId tag) {
    auto& cell = table->cell(tag);
    return {double_of(cell.quiet_low.load()), double_of(cell.quiet_high.load())};
}

}  // namespace penstock::alarms::testing
