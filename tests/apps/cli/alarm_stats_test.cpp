#include <gtest/gtest.h>

#include "apps/cli/verbs.hpp"
#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using testing::noon;
using testing::run_printing;
using testing::ScriptedSession;

TEST(CliAlarmStats, StandBesideWhatIsRecommendedWithTheWorstBelow) {
    ScriptedSession session([](const AnyRequest&) -> Result<AnyReply> {
        AlarmFiguresReply reply;
        AlarmFigure figure;
        figure.scope = "plant";
        figure.figure = "alarms_per_10min";
        figure.value = 2.25;
        figure.recommended = "at most 1";
        figure.is_beyond = true;
        reply.figures.push_back(figure);
        figure.scope = "area works/intake";
        figure.value = 1.0 / 3;
        figure.is_beyond = false;
        reply.figures.push_back(figure);
        AlarmOffender offender;
        offender.alarm = "pump_1.trip";
        offender.text = "Pump 1 tripped";
        offender.count = 40;
        offender.share = 0.245;
        offender.is_chattering = offender.is_stale = true;
        reply.top = {offender};
        reply.since = noon();
        return AnyReply(reply);
    });
    AlarmStatsOptions options;
    options.area = "works";
    options.language = "de";
    const auto printed = run_printing([&] { return run_alarm_stats(session, {}, options); });
    EXPECT_EQ(printed.out,
              "   scope              figure            value  recommended\n"
              "!  plant              alarms_per_10min  2.25   at most 1\n"
              "   area works/intake  alarms_per_10min  0.333  at most 1\n"
              "\n"
              "count  share  alarm        text            remark\n"
              "40     25 %   pump_1.trip  Pump 1 tripped  chattering, stale\n"
              "the figures reach back to 2026-03-01T12:00:00.000Z\n");
    EXPECT_EQ(session.asked<AlarmFiguresRequest>().at(0).area, "works");
    EXPECT_EQ(session.asked<AlarmFiguresRequest>().at(0).language, "de");
}

}  // namespace
}  // namespace penstock::cli
