// Row D8, the archive's part: the n-th call to the disk fails, for all n of a short life. The core is told, makes the historian anew and
// repeats from its position; so do these tests.

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/plugins/historians/sqlite/story.hpp"
#include "tests/support/crash_disk.hpp"
#include "tests/support/failing_file_system.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/recording_file_system.hpp"
#include "tests/support/sqlite_disk.hpp"

namespace penstock::sqlite {
namespace {

using penstock::testing::CrashDisk;
using penstock::testing::FailingFileSystem;
using penstock::testing::FileCall;
using penstock::testing::FilePlan;
using penstock::testing::RecordingFileSystem;
using penstock::testing::SqliteDisk;
using testing::kRecordsPerStep;
using testing::kStoryFolder;
using testing::Story;

using penstock::testing::is_nightly;

struct Outcome {
    std::uint64_t failures = 0, told = 0;  // calls that failed, and errors that reached the core
    std::string fault;
};

// A life in which every error ends the instance, as the core does it; the disk is mended before the third attempt.
class Life {
public:
    Life(const Story& story, FilePlan plan) : story_(story), plan_(plan) {
        EXPECT_TRUE(inner_.make_folder(kStoryFolder));
        inner_.set_recording(is_sync_fault());
    }

    Outcome live() {
        files_.set_plan(plan_);
        for (int attempt = 1; attempt <= 4; ++attempt) {
            if (attempt == 3) mend();
            if (attempt_it()) break;
            ++outcome_.told;
        }
        mend();
        outcome_.failures = failures_;
        if (outcome_.fault.empty()) outcome_.fault = fault_at_the_end();
        return outcome_;
    }
    [[nodiscard]] std::uint64_t calls() const { return calls_; }

private:
    [[nodiscard]] bool is_sync_fault() const { return plan_.touches == static_cast<std::uint16_t>(FileCall::sync); }
    void mend() {
        failures_ += files_.failures();
        if (calls_ == 0) calls_ = files_.calls();
        files_.set_plan({});
    }

    bool attempt_it() {
        std::unique_ptr<SqliteHistorian> historian;
        try {
            historian = Story::open();
            if (historian->persisted() < confirmed_) outcome_.fault = "what was confirmed is not there any more";
            for (auto step = historian->persisted() / kRecordsPerStep; step < story_.steps(); ++step) {
                story_.append(*historian, step);
                if (step % 2 == 1) historian->flush();
                confirmed_ = historian->persisted();
                note();
                if (step % 20 == 19) (void)historian->tidy(Story::time_after(step));
            }
            historian->flush();
            confirmed_ = historian->persisted();
            note();
            return true;
        } catch (const LinkError&) {
            note();
            return false;
        } catch (const std::exception& fault) {
            outcome_.fault = std::string("an error that says of healthy data that they are damaged: ") + fault.what();
            return false;
        }
    }

    std::string fault_at_the_end() {
        if (is_sync_fault()) {
            auto fault = fault_after_a_cut();
            if (!fault.empty()) return fault;
        }
        const auto historian = Story::open();
        if (historian->persisted() != story_.end()) return "does not go on";
        return story_.fault_of(*historian);
    }

    // A failed sync takes what was written with it, and the next one succeeds without it: only a power cut shows what is there.
    std::string fault_after_a_cut() {
        CrashDisk cut(inner_.take_log());
        std::size_t mark = 0;
        while (cut.step()) {
            while (mark + 1 < marks_.size() && marks_[mark + 1].operations <= cut.operations_done()) ++mark;
            if (!marks_[mark].had_failed || cut.operations_done() % (is_nightly() ? 1 : 9) != 0) continue;
            const auto image = cut.image(CrashDisk::Kept::some_writes, cut.operations_done());
            const SqliteDisk disk(*image);
            const auto historian = Story::open();
            const auto at = "after a power cut at operation " + std::to_string(cut.operations_done());
            if (historian->persisted() < marks_[mark].confirmed)
                return at + " it holds up to " + std::to_string(historian->persisted()) + "; confirmed was "
                       + std::to_string(marks_[mark].confirmed);
            if (const auto fault = story_.fault_of(*historian); !fault.empty()) return at + ": " + fault;
        }
        return {};
    }
    void note() { marks_.push_back({inner_.operations(), confirmed_, failures_ + files_.failures() > 0}); }

    struct Mark {
        std::size_t operations = 0;
        JournalPosition confirmed = 0;
        bool had_failed = false;
    };
    const Story& story_;
    FilePlan plan_;
    RecordingFileSystem inner_;
    FailingFileSystem files_{inner_};
    SqliteDisk disk_{files_};
    JournalPosition confirmed_ = 0;
    std::vector<Mark> marks_ = {{}};
    std::uint64_t failures_ = 0, calls_ = 0;
    Outcome outcome_;
};

std::uint64_t calls_of(const Story& story, std::uint16_t touches) {
    Life life(story, {.touches = touches});
    EXPECT_EQ(life.live().fault, "");
    return life.calls();
}

struct Kind {
    const char* name;
    FilePlan plan;
};
constexpr auto kWrites = static_cast<std::uint16_t>(FileCall::write);
constexpr auto kSyncs = static_cast<std::uint16_t>(FileCall::sync);

class DiskFault : public ::testing::TestWithParam<Kind> {};

TEST_P(DiskFault, D8_ReachesTheCoreAndCostsNothing) {
    const Story story(is_nightly() ? 40 : 20);
    auto plan = GetParam().plan;
    const auto calls = calls_of(story, plan.touches);
    ASSERT_GT(calls, 5U);
    const auto every = is_nightly() ? 1 : std::max<std::uint64_t>(1, calls / 120);
    std::uint64_t runs = 0, told = 0;
    for (plan.nth = 1; plan.nth <= calls; plan.nth += every) {
        Life life(story, plan);
        const auto outcome = life.live();
        ASSERT_EQ(outcome.fault, "") << "call " << plan.nth << " of " << calls;
        if (life.calls() < plan.nth) continue;  // a few lives in ten thousand have some calls fewer
        ASSERT_GT(outcome.failures, 0U) << "call " << plan.nth << " of " << calls;
        ++runs;
        told += outcome.told > 0 ? 1 : 0;
    }
    std::printf("D8 archive, %s: %llu of %llu reached the core\n", GetParam().name, static_cast<unsigned long long>(told),
                static_cast<unsigned long long>(runs));
    EXPECT_GT(told, runs / 2) << "hardly any fault was noticed: the test shows nothing";
    penstock::testing::report_row("D8", runs, "calls to the archive's disk that failed, nothing lost");
}

// The control: whoever takes the second sync's word loses what was confirmed.
TEST(ArchiveFaults, D8_ControlASyncThatIsRepeated) {
    const Story story(20);
    FilePlan plan{.touches = kSyncs, .repeat_failed_sync = true};
    const auto calls = calls_of(story, plan.touches);
    std::uint64_t bad = 0;
    for (plan.nth = 1; plan.nth <= calls; ++plan.nth) bad += Life(story, plan).live().fault.empty() ? 0 : 1;
    EXPECT_GT(bad, 0U);
}

INSTANTIATE_TEST_SUITE_P(Archive, DiskFault,
                         ::testing::Values(Kind{"Broken", {}}, Kind{"BrokenForGood", {.for_good = true}},
                                           Kind{"Full", {.for_good = true, .is_full = true, .touches = kWrites}},
                                           Kind{"ShortWrite", {.short_write = true, .touches = kWrites}},
                                           Kind{"FailedSync", {.touches = kSyncs}}),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace penstock::sqlite
