#include "apps/cli/times.hpp"

#include <charconv>
#include <optional>
#include <string>

#include <penstock/settings.hpp>

#include "apps/cli/text.hpp"

namespace penstock::cli {
namespace {

// Takes pieces from the front of a text; what does not fit leaves it marked as failed.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool is_done() const { return rest_.empty(); }
    [[nodiscard]] bool has_failed() const { return failed_; }
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void want(char c) {
        if (!take(c)) failed_ = true;
    }
    // Exactly so many digits.
    int digits(std::size_t count) {
        int number = 0;
        const auto piece = rest_.substr(0, count);
        const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), number);
        if (piece.size() < count || error != std::errc() || end != piece.data() + count || piece.front() == '-') failed_ = true;
        rest_.remove_prefix(piece.size());
        return number;
    }
    // ".25" as nanoseconds, at most nine digits.
    Duration fraction() {
        std::int64_t number = 0, unit = 1'000'000'000;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9' && unit > 1) {
            unit /= 10;
            number += (rest_.front() - '0') * unit;
            rest_.remove_prefix(1);
        }
        if (unit == 1'000'000'000) failed_ = true;
        return Duration(number);
    }

private:
    std::string_view rest_;
    bool failed_ = false;
};

std::optional<UtcTime> read_day(Scanner& scan) {
    const auto year = scan.digits(4);
    scan.want('-');
    const auto month = static_cast<unsigned>(scan.digits(2));
    scan.want('-');
    const auto day = static_cast<unsigned>(scan.digits(2));
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (scan.has_failed() || !date.ok() || year < 1678 || year > 2261) return std::nullopt;
    return UtcTime(std::chrono::sys_days(date));
}

std::optional<Duration> read_clock(Scanner& scan) {
    const auto hour = scan.digits(2);
    scan.want(':');
    const auto minute = scan.digits(2);
    const auto second = scan.take(':') ? scan.digits(2) : 0;
    const auto fraction = scan.take('.') ? scan.fraction() : Duration();
    if (scan.has_failed() || hour > 24 || minute > 59 || second > 60) return std::nullopt;
    return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) + fraction;
}

// How far the zone is ahead of UTC.
std::optional<Duration> read_zone(Scanner& scan) {
    if (scan.is_done() || scan.take('Z')) return Duration();
    const bool is_ahead = scan.take('+');
    if (!is_ahead) scan.want('-');
    const auto hours = scan.digits(2);
    const auto minutes = scan.take(':') || !scan.is_done() ? scan.digits(2) : 0;
    if (scan.has_failed()) return std::nullopt;
    const Duration offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    return is_ahead ? offset : -offset;
}

std::optional<UtcTime> parse_iso(std::string_view text) {
    Scanner scan(text);
    const auto day = read_day(scan);
    if (!day) return std::nullopt;
    if (scan.is_done()) return day;
    if (!scan.take('T') && !scan.take(' ')) return std::nullopt;
    const auto clock = read_clock(scan);
    if (!clock) return std::nullopt;
    const auto zone = read_zone(scan);
    if (!zone || !scan.is_done()) return std::nullopt;
    return *day + *clock - *zone;
}

}  // namespace

Result<UtcTime> parse_time(std::string_view text, UtcTime now) {
    if (text == "now") return now;
    if (text.starts_with('-')) {
        const auto before = parse_duration(text.substr(1));
        if (!before)
            return fail(ErrorCode::invalid_argument, '"' + printable(text) + "\" is no time: " + before.error().sentence());
        return now - *before;
    }
    if (const auto time = parse_iso(text)) return *time;
    return fail(ErrorCode::invalid_argument,
                '"' + printable(text) + "\" is no time; understood are -5m (before now), now, and ISO 8601 such as "
                "2026-03-01T12:00:00Z or 2026-03-01");
}

Result<TimeRange> parse_range(std::string_view from, std::string_view to, UtcTime now, Duration usual) {
    TimeRange range{now - usual, now};
    if (!to.empty()) {
        const auto time = parse_time(to, now);
        if (!time) return std::unexpected(time.error());
        range.to = *time;
        range.from = *time - usual;
    }
    if (!from.empty()) {
        const auto time = parse_time(from, now);
        if (!time) return std::unexpected(time.error());
        range.from = *time;
    }
    if (range.from < range.to) return range;
    return fail(ErrorCode::invalid_argument, "--from " + time_text(range.from) + " is not before --to " + time_text(range.to));
}

}  // namespace penstock::cli
