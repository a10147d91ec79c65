#include "apps/plantsim/fault_desk.hpp"

#include <algorithm>

namespace penstock::plantsim {
namespace {

constexpr double kDefaultLinkLoss_s = 30.0;

FaultDesk::Time after(FaultDesk::Time now, double seconds) {
    return now + std::chrono::duration_cast<FaultDesk::Time::duration>(Seconds{seconds});
}

std::string rounded(double seconds) {
    const std::string text = std::to_string(seconds);
    return text.substr(0, text.find('.') + 2);
}

}  // namespace

std::string FaultDesk::submit(const Fault& fault, Time now) {
    if (fault.at <= simulation_.plant.elapsed()) return strike(fault, now);
    if (scheduled_.size() >= kMostScheduled) return "not taken: 100 faults are waiting already; \"clear\" ends them";
    scheduled_.push_back(fault);
    return std::string(fault_name(fault.kind)) + " comes at " + rounded(fault.at.count()) + " s";
}

std::string FaultDesk::strike(const Fault& fault, Time now) {
    if (fault.kind == FaultKind::clear) return clear(fault);
    if (fault.strikes_server()) return strike_server(fault, now);
    return simulation_.plant.apply(fault);
}

std::string FaultDesk::strike_server(const Fault& fault, Time now) {
    if (fault.kind == FaultKind::freeze_values) {
        frozen_ = true;
        return "registers keep their values";
    }
    if (fault.kind == FaultKind::freeze_server) {
        server_.set_silent(true);
        silent_until_.reset();
        if (!fault.amount) return "the server answers nothing until it is cleared";
        silent_until_ = after(now, *fault.amount);
        return "the server answers nothing for " + rounded(*fault.amount) + " s";
    }
    const double seconds = fault.amount.value_or(kDefaultLinkLoss_s);
    server_.cut_link();
    cut_until_ = after(now, seconds);
    return "connections are cut and refused for " + rounded(seconds) + " s";
}

std::string FaultDesk::clear(const Fault& fault) {
    if (fault.target.empty() || fault.target == fault_name(FaultKind::clear)) {
        scheduled_.clear();
        for (const FaultHelp& help : fault_list()) end(help.kind);
        return "no fault is on";
    }
    end(*find_fault(fault.target));
    return fault.target + " is over";
}

void FaultDesk::end(FaultKind kind) {
    if (kind == FaultKind::freeze_values) frozen_ = false;
    if (kind == FaultKind::freeze_server) {
        server_.set_silent(false);
        silent_until_.reset();
    }
    // The next tick opens the link again, and tries until it is open.
    if (kind == FaultKind::link_loss && cut_until_) cut_until_ = Time::min();
    simulation_.plant.clear(kind);
}

std::vector<std::string> FaultDesk::tick(Time now) {
    std::vector<std::string> lines;
    const auto is_due = [&](const Fault& fault) { return fault.at <= simulation_.plant.elapsed(); };
    std::vector<Fault> due;
    std::ranges::copy_if(scheduled_, std::back_inserter(due), is_due);
    std::erase_if(scheduled_, is_due);
    lines.reserve(due.size() + 2);
    for (const Fault& fault : due) lines.push_back(strike(fault, now));
    if (silent_until_ && *silent_until_ <= now) {
        end(FaultKind::freeze_server);
        lines.emplace_back("freeze-server is over");
    }
    if (cut_until_ && *cut_until_ <= now) {
        const auto restored = server_.restore_link();
        if (restored) cut_until_.reset();
        lines.push_back(restored ? "link-loss is over" : restored.error());
        if (!restored) cut_until_ = after(now, 1.0);
    }
    return lines;
}

std::string FaultDesk::active_text() const {
    std::string text = simulation_.plant.active_faults_text();
    const auto add = [&](bool on, FaultKind kind) {
        if (on) text += (text.empty() ? "" : ", ") + std::string(fault_name(kind));
    };
    add(frozen_, FaultKind::freeze_values);
    add(server_.is_silent(), FaultKind::freeze_server);
    add(cut_until_.has_value(), FaultKind::link_loss);
    return text.empty() ? "none" : text;
}

}  // namespace penstock::plantsim
