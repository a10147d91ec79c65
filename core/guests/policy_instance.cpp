#include "core/guests/policy_instance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/guests/printable.hpp"

namespace penstock::guests {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool is_word(std::string_view name) {
    return !name.empty()
           && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// Why these cannot be the names of outputs or parameters; "" if they can.
std::string fault_of_names(const std::vector<std::string>& names, std::string_view what, std::size_t least, std::size_t most) {
    if (names.size() < least || names.size() > most)
        return "it has " + std::to_string(names.size()) + ' ' + std::string(what) + "; wanted " + std::to_string(least) + " to "
               + std::to_string(most);
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (!is_word(*name))
            return "one of its " + std::string(what) + " is called " + in_quotes(*name) + "; wanted a-z, 0-9, _";
        if (std::find(names.begin(), name, *name) != name)
            return "two of its " + std::string(what) + " are called " + in_quotes(*name);
    }
    return {};
}

}  // namespace

PolicyInstance::PolicyInstance(AlarmPolicyOwner guest, PluginInfo info, std::string name,
                               std::shared_ptr<const void> keep_alive, CpuClock clock)
    : keep_alive_(std::move(keep_alive)),
      guest_(std::move(guest)),
      info_(std::move(info)),
      name_(std::move(name)),
      clock_(std::move(clock)) {}

Result<std::unique_ptr<PolicyInstance>> PolicyInstance::make(AlarmPolicyOwner guest, PluginInfo info, std::string name,
                                                             std::shared_ptr<const void> keep_alive, CpuClock clock) {
    std::unique_ptr<PolicyInstance> policy(
        new PolicyInstance(std::move(guest), std::move(info), std::move(name), std::move(keep_alive), std::move(clock)));
    if (auto asked = policy->ask_shape(); !asked) return std::unexpected(std::move(asked).error());
    return policy;
}

Result<void> PolicyInstance::ask_shape() {
    abi::Fault fault;
    abi::PolicyShapePlain plain{};
    guest_->shape(plain, fault);
    if (fault.failed()) return std::unexpected(to_error(fault, info_, name_));
    const auto names = [](const abi::Text* text, std::uint32_t count) {
        std::vector<std::string> words;
        for (std::uint32_t n = 0; n < std::min(count, 100U); ++n) words.emplace_back(text[n].view());
        return words;
    };
    shape_ = {.outputs = names(plain.outputs, plain.output_count),
              .parameters = names(plain.parameters, plain.parameter_count),
              .wants_bad = plain.wants_bad != 0};
    auto complaint = fault_of_names(shape_.outputs, "outputs", 1, kMaxPolicyOutputs);
    if (complaint.empty()) complaint = fault_of_names(shape_.parameters, "parameters", 0, kMaxPolicyParameters);
    if (complaint.empty()) {
        parameters_ = PointParameters(shape_.parameters.size());
        return {};
    }
    return fail(ErrorCode::internal, "plugin " + info_.id + ' ' + info_.version + " is broken: " + complaint, name_);
}

void PolicyInstance::fail_for(std::string sentence) {
    failure_.emplace(ErrorCode::internal,
                     "plugin " + info_.id + ' ' + info_.version + " has failed: " + sentence
                         + "; its alarms are uncertain until the server is started anew",
                     name_);
    clear();
}

// One measured call. False: it has failed.
template <class Call>
bool PolicyInstance::call(std::size_t rows, Call&& call) {
    if (has_failed()) return false;
    abi::Fault fault;
    const auto began = clock_();
    std::forward<Call>(call)(fault);
    const auto took = clock_() - began;
    if (fault.failed()) {
        fail_for(fault.sentence().empty() ? "without saying why" : printable(fault.sentence()));
        return false;
    }
    if (auto complaint = budget_.spend(took, rows, now_)) {
        fail_for(*std::move(complaint));
        return false;
    }
    return true;
}

PointId PolicyInstance::add_point(std::span<const double> parameters) { return parameters_.add(parameters); }

void PolicyInstance::begin() {
    parameters_.shrink();
    abi::Fault fault;  // before the engine runs: it may take its time
    guest_->resize(parameters_.points(), fault);
    if (fault.failed()) fail_for(printable(fault.sentence()));
}

void PolicyInstance::add(const PolicyRow& row) {
    if (has_failed()) return;
    point_.push_back(row.point);
    number_.push_back(row.number);
    quality_.push_back(static_cast<std::uint16_t>(row.quality));
    time_.push_back(to_ns(row.time));
}

bool PolicyInstance::evaluate(MonotonicTime now) {
    now_ = now;
    if (has_failed()) return false;
    if (rows() == 0) return true;
    const auto count = rows();
    holds_.assign(count, 0);
    quiet_low_.assign(count, kNone);
    quiet_high_.assign(count, kNone);
    look_at_.assign(count, 0);
    const abi::PolicyInputColumns in{.count = count,
                                     .point = point_.data(),
                                     .number = number_.data(),
                                     .quality = quality_.data(),
                                     .time_ns = time_.data(),
                                     .now_ns = to_ns(now),
                                     .parameter = parameters_.gather(point_)};
    const abi::PolicyVerdictColumns out{.holds = holds_.data(),
                                        .quiet_low = quiet_low_.data(),
                                        .quiet_high = quiet_high_.data(),
                                        .look_at_ns = look_at_.data()};
    if (!call(count, [&](abi::Fault& fault) { guest_->evaluate(in, out, fault); })) return false;
    return check_verdicts(now);
}

bool PolicyInstance::check_verdicts(MonotonicTime now) {
    const auto count = rows();
    const auto outputs = shape_.outputs.size();
    const auto soonest = to_ns(now + kSoonest);
    unsigned bits = 0;
    for (std::size_t row = 0; row < count; ++row) {
        bits |= holds_[row];
        if (!(quiet_low_[row] <= quiet_high_[row])) quiet_low_[row] = quiet_high_[row] = kNone;
        if (look_at_[row] != 0) look_at_[row] = std::max(look_at_[row], soonest);
    }
    if (bits >> outputs != 0) {
        fail_for("it says that a condition holds beyond its " + std::to_string(outputs) + " outputs");
        return false;
    }
    verdicts_ = {.holds = holds_, .quiet_low = quiet_low_, .quiet_high = quiet_high_, .look_at = look_at_};
    return true;
}

void PolicyInstance::clear() noexcept {
    point_.clear();
    number_.clear();
    quality_.clear();
    time_.clear();
    verdicts_ = {};
}

std::string PolicyInstance::save(MonotonicTime now) {
    now_ = now;
    std::string state;
    (void)call(parameters_.points(), [&](abi::Fault& fault) {
        const auto bytes = guest_->save(to_ns(now), fault);
        if (!fault.failed() && bytes.size != 0)
            state.assign(reinterpret_cast<const char*>(bytes.data), static_cast<std::size_t>(bytes.size));
    });
    return state;
}

Result<void> PolicyInstance::restore(std::string_view state, MonotonicTime now) {
    if (has_failed()) return std::unexpected(*failure_);
    abi::Fault fault;
    guest_->restore({reinterpret_cast<const std::byte*>(state.data()), state.size()}, to_ns(now), fault);
    if (fault.failed()) return std::unexpected(to_error(fault, info_, name_));
    return {};
}

void PolicyInstance::recall(std::span<const PointId> points, std::span<const std::uint8_t> holds) {
    if (has_failed()) return;
    abi::Fault fault;
    guest_->recall({.count = points.size(), .point = points.data(), .holds = holds.data()}, fault);
    if (fault.failed()) fail_for(printable(fault.sentence()));
}

Result<std::unique_ptr<PolicyInstance>> make_policy(const std::shared_ptr<PluginLibrary>& library,
                                                    const std::shared_ptr<const base::SettingsDocument>& settings,
                                                    std::string name) {
    auto guest = create_alarm_policy(*library, *settings, name);
    if (!guest) return std::unexpected(std::move(guest).error());
    return PolicyInstance::make(*std::move(guest), library->info(), std::move(name), settings);
}

}  // namespace penstock::guests
