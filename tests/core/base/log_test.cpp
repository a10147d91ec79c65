#include "core/base/log.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/log_limiter.hpp"

namespace penstock::base {
namespace {

// Catches the log's lines while it lives.
class CaughtLog {
public:
    CaughtLog() { log::set_sink(&CaughtLog::take, this); }
    ~CaughtLog() { log::set_sink(nullptr, nullptr); }
    std::vector<std::string> lines;

private:
    static void take(log::Level, std::string_view line, void* self) { static_cast<CaughtLog*>(self)->lines.emplace_back(line); }
};

TEST(Log, WritesControlCharactersAsEscapes) {
    EXPECT_EQ(log::escaped("a\nb\x1B[31m\x7F"), "a\\x0Ab\\x1B[31m\\x7F");
    EXPECT_EQ(log::escaped("\xC2\x9B"
                           "31m"),
              "\\xC2\\x9B"
              "31m");  // C1: terminals obey it as ESC [
}

TEST(Log, KeepsUtf8AndEscapesWhatIsNone) {
    EXPECT_EQ(log::escaped("Füllstand 水"), "Füllstand 水");
    EXPECT_EQ(log::escaped("\xFF\xC3"), "\\xFF\\xC3");
    EXPECT_EQ(log::escaped("\xC0\xAF"), "\\xC0\\xAF");          // overlong '/'
    EXPECT_EQ(log::escaped("\xED\xA0\x80"), "\\xED\\xA0\\x80");  // a surrogate
}

TEST(Log, PassesOnOneLinePerMessage) {
    CaughtLog caught;
    log::info("device {}: {}", "plc1", "gone\nERROR forged");
    EXPECT_EQ(caught.lines, std::vector<std::string>{"device plc1: gone\\x0AERROR forged"});
}

TEST(Log, DropsWhatIsBelowItsLevel) {
    CaughtLog caught;
    log::debug("not wanted");
    EXPECT_TRUE(caught.lines.empty());
}

TEST(LogLimiter, CountsWhatItDropsAndSaysSoWithTheNextLine) {
    CaughtLog caught;
    LogLimiter limiter("plc1");
    const auto start = monotonic_from_ns(1'000'000'000'000);
    for (int i = 0; i < 1000; ++i) limiter.log(2, "flood", start);
    EXPECT_EQ(caught.lines.size(), 50U);
    limiter.log(2, "after", start + 1s);
    ASSERT_EQ(caught.lines.size(), 52U);
    EXPECT_EQ(caught.lines[50], "plc1: 950 lines were dropped, it logs too much");
    EXPECT_EQ(caught.lines[51], "plc1: after");
}

}  // namespace
}  // namespace penstock::base
