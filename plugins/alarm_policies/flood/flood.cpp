#include "flood.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace penstock::flood {
namespace {

enum Parameter : std::size_t { kBegins, kEnds, kWindow };
constexpr double kLongestWindow = 7 * 86'400;  // seconds

std::size_t count_of(double given, double otherwise, double least) {
    return static_cast<std::size_t>(std::clamp(given_or(given, otherwise), least, Flood::kMostStarts));
}
Duration window_of(double given) {
    const auto seconds = given > 0 ? std::min(given, kLongestWindow) : 600;
    return Duration(std::llround(seconds * 1e9));
}

// Numbers one after another, as they lie in memory: a state never leaves its machine.
void put(std::string& out, std::uint64_t number) { out.append(reinterpret_cast<const char*>(&number), sizeof number); }

class State final {
public:
    explicit State(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t take() {
        std::uint64_t number = 0;
        if (bytes_.size() < sizeof number) refuse();
        std::memcpy(&number, bytes_.data(), sizeof number);
        bytes_.remove_prefix(sizeof number);
        return number;
    }
    void expect_end() const {
        if (!bytes_.empty()) refuse();
    }
    [[noreturn]] static void refuse() {
        throw LinkError(ErrorCode::protocol, "the state is not of these points, or it is damaged");
    }

private:
    std::string_view bytes_;
};

}  // namespace

void Starts::add(std::int64_t time, std::size_t count) {
    if (times_.empty()) return;
    for (count = std::min(count, times_.size()); count > 0; --count) {
        times_[next_] = time;
        next_ = (next_ + 1) % times_.size();
        size_ = std::min(size_ + 1, times_.size());
    }
}

std::int64_t Starts::newest(std::size_t n) const noexcept { return times_[(next_ + times_.size() - n) % times_.size()]; }

void Starts::keep(std::size_t capacity) {
    Starts kept(capacity);
    for (auto n = std::min(size_, capacity); n > 0; --n) kept.add(newest(n), 1);
    *this = std::move(kept);
}

// One that goes back was set to zero in between, and counts from there.
void Flood::Point::count(double number, std::int64_t time) {
    if (!std::isfinite(number)) return;
    const auto more = !is_known ? 0 : number >= counter ? number - counter : number;
    counter = number;
    is_known = true;
    if (more >= 1) starts.add(time, static_cast<std::size_t>(std::min(more, kMostStarts + 1)));
}

bool Flood::Point::has(std::size_t n, std::int64_t since) const noexcept {
    return n == 0 || (n <= starts.size() && starts.newest(n) > since);
}

void Flood::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    const auto begins = in.parameter(kBegins);
    const auto ends = in.parameter(kEnds);
    const auto windows = in.parameter(kWindow);
    for (std::size_t row = 0; row < in.size(); ++row) {
        auto& point = points_[in.point[row]];
        const auto enough = count_of(begins[row], 10, 0) + 1;
        // One that would end before it begins, ends when it does not begin.
        const auto few = std::min(count_of(ends[row], 5, 1), enough);
        const auto window = window_of(windows[row]);
        const auto since = to_ns(in.now - window);
        if (point.starts.capacity() != enough) point.starts.keep(enough);
        point.count(in.number[row], in.time[row]);
        point.holds = point.has(enough, since) || (point.holds && point.has(few, since));
        out.holds[row] = point.holds ? 1 : 0;
        // It goes on counting down by itself; every start counts, so it is never quiet.
        if (point.holds) out.look_again(row, monotonic_from_ns(point.starts.newest(few)) + window);
    }
}

// Point by point: counter, flags, how many starts, and how long ago each was, the oldest first.
std::string Flood::save(MonotonicTime now) const {
    std::string state;
    for (const auto& point : points_) {
        put(state, std::bit_cast<std::uint64_t>(point.counter));
        put(state, (point.is_known ? 1U : 0U) | (point.holds ? 2U : 0U));
        put(state, point.starts.size());
        for (auto n = point.starts.size(); n > 0; --n)
            put(state, static_cast<std::uint64_t>(now.time_since_epoch().count() - point.starts.newest(n)));
    }
    return state;
}

void Flood::restore(std::string_view bytes, MonotonicTime now) {
    auto points = points_;
    State state(bytes);
    for (auto& point : points) {
        point.counter = std::bit_cast<double>(state.take());
        const auto flags = state.take();
        if (!std::isfinite(point.counter) || flags > 3) State::refuse();
        point.is_known = (flags & 1U) != 0;
        point.holds = (flags & 2U) != 0;
        auto left = state.take();
        if (left > static_cast<std::uint64_t>(kMostStarts) + 1) State::refuse();
        point.starts.keep(static_cast<std::size_t>(left));  // until it is known how many matter
        for (; left > 0; --left) {
            const auto age = state.take();
            point.starts.add(static_cast<std::int64_t>(static_cast<std::uint64_t>(now.time_since_epoch().count()) - age), 1);
        }
    }
    state.expect_end();
    points_ = std::move(points);
}

}  // namespace penstock::flood
