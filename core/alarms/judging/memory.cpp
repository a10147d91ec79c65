// What the policies remember over a restart: a version; then name, fingerprint of its points and bytes of each policy. As on the wire
// (docs/protocol.md).

#include <algorithm>

#include "core/alarms/judging.hpp"
#include "core/wire/reader.hpp"
#include "core/wire/writer.hpp"

namespace penstock::alarms {
namespace {

constexpr std::uint8_t kVersion = 1;

// FNV-1a over numbers.
class Fingerprint final {
public:
    void add(std::uint64_t number) noexcept {
        for (unsigned byte = 0; byte < 8; ++byte) {
            value_ ^= number >> 8U * byte & 0xFFU;
            value_ *= 0x100000001B3ULL;
        }
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

private:
    std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

}  // namespace

// Inputs and outputs, in order: the numbers of parameters may change, what a row stands for may not.
std::uint64_t Judging::fingerprint(PolicyNumber policy) const {
    Fingerprint print;
    for (const auto& point : plan_.points_) {
        if (point.policy != policy) continue;
        print.add(std::uint64_t{point.input} << 1U | (point.is_of_alarm ? 1U : 0U));
        for (const auto output : outputs(point)) {
            print.add(output.place());
            print.add(static_cast<std::uint64_t>(output.kind()));
            print.add(output.kind() == PointOutput::Kind::rule ? output.rule() : output.alarm());
        }
    }
    return print.value();
}

void Judging::save(Now now, wire::Buffer& out) {
    wire::Writer writer(out);
    writer.byte(kVersion);
    for (PolicyNumber n = 0; n < plan_.policies_.size(); ++n) {
        auto& policy = *plan_.policies_[n].instance;
        const auto state = policy.save(now.monotonic);
        if (policy.has_failed() && !has_failed_[n]) take_failure(n, now);
        if (state.empty()) continue;
        writer.text(policy.name());
        writer.fixed64(fingerprint(n));
        writer.text(state);
    }
}

std::vector<std::string> Judging::restore(wire::Bytes state, Now now) {
    std::vector<std::string> sentences;
    wire::Reader in(state);
    if (in.byte() != kVersion) in.fail("it is of another version");
    while (in.ok() && !in.at_end()) {
        const auto name = in.text();
        const auto print = in.fixed64();
        const auto bytes = in.text();
        if (!in.ok()) break;
        for (PolicyNumber n = 0; n < plan_.policies_.size(); ++n) {
            auto& policy = *plan_.policies_[n].instance;
            if (policy.name() != name) continue;
            if (print != fingerprint(n)) {
                sentences.push_back(policy.name() + " judges other points than before, so it begins anew");
            } else if (const auto restored = policy.restore(bytes, now.monotonic); !restored) {
                sentences.push_back(restored.error().text() + "; it begins anew");
            }
        }
    }
    if (!in.ok()) sentences.push_back("what alarm policies remember is damaged, so they begin anew: " + in.error().text());
    return sentences;
}

}  // namespace penstock::alarms
