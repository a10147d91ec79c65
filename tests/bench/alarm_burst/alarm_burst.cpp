// 100,000 alarms enter in one scan: seconds until all of them are durable and in the answer of a list query. Against a bare insert of
// 100,000 rows with two indexes into SQLite, committed and synced, on the same disk in the same run.

#include <sqlite3.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>

#include "core/alarms/live_alarms.hpp"
#include "core/base/clock.hpp"
#include "core/base/file_system.hpp"
#include "core/engine/alarm_path.hpp"
#include "core/engine/engine.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_thread.hpp"
#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/limited_tags.hpp"
#include "tests/bench/support/tag_path.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock {
namespace {

constexpr bench::Limit kLimits[] = {{"high", 80}};

class Plant {
public:
    explicit Plant(std::uint32_t tags)
        : tags_(tags), engine_(bench::make_catalog(tags), {.started = now_}), producer_(&engine_.add_producer("plc", 0)) {
        engine_.set_journal(*lane_);
        catalog_ = bench::limit_alarms(engine_.catalog(), kLimits, 1, 0s);
        const std::shared_ptr<const tags::TagCatalog> borrowed(std::shared_ptr<void>(), &engine_.catalog());
        live_ = std::make_unique<alarms::LiveAlarms>(catalog_, borrowed, [this] { return lane_->durable(); });
        engine_.set_alarms({catalog_, bench::limit_plan(*catalog_), live_.get()});
        deliver(10'000);  // of 27648: nothing is high
    }

    // Until the list has all of them.
    double burst() {
        const auto seconds = bench::seconds_of([&] {
            deliver(27'000);
            auto synced = std::make_shared<std::promise<void>>();
            lane_->when_durable(lane_->appended(), [synced](const Result<void>&) { synced->set_value(); });
            synced->get_future().wait();
            if (list() != tags_) give_up();
        });
        deliver(10'000);  // back
        if (list() == 0) give_up();  // each waits for somebody to acknowledge it
        return seconds;
    }
    // The next burst begins anew.
    void acknowledge_all() {
        alarms::AlarmCommand command;
        command.event = alarms::AlarmEvent::acknowledged;
        for (const auto alarm : catalog_->by_name()) command.targets.push_back({alarm, 0});
        command.who = {"bench", "bench"};
        auto done = std::make_shared<std::promise<void>>();
        command.done = [done](const std::vector<alarms::AlarmOutcome>&) { done->set_value(); };
        if (!engine_.post_alarm(std::move(command))) give_up();
        engine_.run_cycle(now_);
        done->get_future().wait();
        if (list() != 0) give_up();
    }

private:
    [[noreturn]] static void give_up() {
        std::fprintf(stderr, "the list does not have what it should\n");
        std::exit(1);
    }
    static journal::LaneOptions options(const std::filesystem::path& folder) {
        journal::LaneOptions options;
        options.folder = folder;
        options.server_id = "bench";
        options.hash_chain = true;
        return options;
    }
    // One scan of the whole device.
    void deliver(std::uint64_t raw) {
        SampleBatch batch;
        now_.utc += 1s;
        now_.monotonic += 1s;
        for (std::uint32_t item = 0; item < tags_; ++item) {
            batch.add(item, raw);
            if (batch.size() != bench::kRows && item + 1 != tags_) continue;
            producer_->publish(batch.columns(), now_);
            batch.clear();
        }
        while (engine_.run_cycle(now_).work_left) {
        }
    }
    [[nodiscard]] std::uint64_t list() const {
        return live_->list({}, [](std::string_view) { return true; }).total;
    }

    std::uint32_t tags_;
    Now now_{utc_from_ns(bench::kStart), monotonic_from_ns(1'000'000'000)};
    penstock::testing::TempFolder folder_;
    std::unique_ptr<journal::Lane> lane_ =
        bench::need(journal::Lane::open(base::real_file_system(), options(folder_.path() / "events")));
    base::SystemClock clock_;
    journal::LaneThread thread_{*lane_, clock_};
    std::shared_ptr<const alarms::AlarmCatalog> catalog_;
    std::unique_ptr<alarms::LiveAlarms> live_;
    engine::Engine engine_;
    engine::Producer* producer_;
};

// What an alarm log in SQLite would store, and find by time and by alarm.
class SqliteLog {
public:
    explicit SqliteLog(std::uint32_t rows) : rows_(rows) {
        check(sqlite3_open((folder_.path() / "log.db").c_str(), &database_));
        execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
        execute(
            "CREATE TABLE log(position INTEGER PRIMARY KEY, time INTEGER, alarm TEXT, area TEXT, event INTEGER, state INTEGER, "
            "priority INTEGER, text TEXT, value REAL, bound REAL);"
            "CREATE INDEX log_time ON log(time); CREATE INDEX log_alarm ON log(alarm, time)");
        check(sqlite3_prepare_v2(database_,
                                 "INSERT INTO log(time, alarm, area, event, state, priority, text, value, bound) "
                                 "VALUES(?,?,?,0,1,2,?,?,?)",
                                 -1, &insert_, nullptr));
    }
    ~SqliteLog() {
        sqlite3_finalize(insert_);
        sqlite3_close(database_);
    }
    SqliteLog(const SqliteLog&) = delete;
    SqliteLog& operator=(const SqliteLog&) = delete;

    double burst() {
        time_ += 1'000'000'000;
        return bench::seconds_of([&] {
            execute("BEGIN");
            for (std::uint32_t i = 0; i < rows_; ++i) add(i);
            execute("COMMIT");
        });
    }

private:
    void add(std::uint32_t i) {
        const auto tag = "plant.line" + std::to_string(i % 97) + ".value" + std::to_string(i);
        const auto alarm = tag + ".high", area = "works/area_" + std::to_string(i % 10);
        const auto text = tag + " is 97.65625, limit 80";
        sqlite3_bind_int64(insert_, 1, time_);
        sqlite3_bind_text(insert_, 2, alarm.c_str(), static_cast<int>(alarm.size()), SQLITE_STATIC);
        sqlite3_bind_text(insert_, 3, area.c_str(), static_cast<int>(area.size()), SQLITE_STATIC);
        sqlite3_bind_text(insert_, 4, text.c_str(), static_cast<int>(text.size()), SQLITE_STATIC);
        sqlite3_bind_double(insert_, 5, 97.65625);
        sqlite3_bind_double(insert_, 6, 80);
        check(sqlite3_step(insert_));
        sqlite3_reset(insert_);
    }
    void check(int code) const {
        if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
        std::fprintf(stderr, "the SQLite peer failed: %s\n", sqlite3_errmsg(database_));
        std::exit(1);
    }
    void execute(const char* sql) { check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }

    std::uint32_t rows_;
    penstock::testing::TempFolder folder_;
    sqlite3* database_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
    std::int64_t time_ = bench::kStart;
};

}  // namespace
}  // namespace penstock

int main(int argc, char** argv) {
    using namespace penstock;
    const auto options = bench::parse_options(argc, argv);
    const std::uint32_t count = options.smoke ? 2'000 : 100'000;
    Plant plant(count);
    SqliteLog sqlite(count);
    const auto burst = [&] {
        const auto seconds = plant.burst();
        plant.acknowledge_all();
        return seconds;
    };
    const auto medians = bench::measure(options.runs, burst, [&] { return sqlite.burst(); });
    bench::print({.bench = "alarm_burst", .metric = "seconds", .unit = "s", .peer = "sqlite"}, medians, options.runs);
}
