#include "tests/core/history/clock/whole_plant.hpp"

#include <algorithm>
#include <array>
#include <future>
#include <utility>

#include "core/engine/recipe.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/history/archived_series.hpp"
#include "core/history/values_record.hpp"
#include "core/journal/lane_reader.hpp"

namespace penstock::clock_test {
namespace {

// A catalog copies the rules.
std::vector<tags::TagDefinition> definitions(Duration keep, std::array<tags::ArchiveRule, 3>& rules) {
    for (auto& rule : rules) {
        rule.mode = tags::ArchiveMode::on_change;
        rule.keep_raw = rule.keep_minutes = rule.keep_hours = keep;
    }
    auto& [any, paced, steady] = rules;
    paced.min_interval = 1s;
    steady.max_interval = 5s;
    auto tags = std::vector{engine::device_tag("level"), engine::device_tag("paced"), engine::device_tag("steady"),
                            engine::memory_tag("limit")};
    tags[0].archive = tags[3].archive = &any;
    tags[1].archive = &paced;
    tags[2].archive = &steady;
    return tags;
}

std::unique_ptr<journal::Lane> open_values(base::FileSystem& files) {
    auto options = journal::small_lane("/data/journal/values", journal::LaneKind::values);
    options.segment_bytes = 256 * 1024;
    return journal::open_lane(files, options);
}

guests::HistorianFactory factory_of(const std::string& historian) {
    static const auto plugins = guests::PluginRegistry::scan({PENSTOCK_TEST_HISTORIANS});
    const auto library = plugins.load(PluginKind::historian, historian);
    if (!library) throw std::runtime_error(library.error().text());
    auto settings = std::make_shared<base::SettingsDocument>(base::SettingsDocument::parse("{}").value());
    return guests::make_historian_factory(*library, std::move(settings), "historian." + historian);
}

// The answer of a question that is asked with a callback.
template <class Reply, class Ask>
Reply answer_of(Ask ask) {
    std::promise<Result<Reply>> promise;
    auto future = promise.get_future();
    ask([&promise](Result<Reply> reply) { promise.set_value(std::move(reply)); });
    auto reply = future.get();
    if (reply) return *std::move(reply);
    ADD_FAILURE() << reply.error().text();
    return {};
}

}  // namespace

WholePlant::WholePlant(const std::string& historian, Duration keep)
    : clock(utc_from_ns(engine::kStartNs)),
      journalled_(definitions(keep, rules_)),
      values_(open_values(journalled_.files)),
      capture_(engine().catalog().id_limit()),
      archiver_(tags::TagReader(engine().table()), capture_, *values_),
      historians_(*values_, clock),
      stores_(historians_, engine().catalog(), 30s),
      queries_(*values_, stores_, catalog(), clock) {
    history::ConsumerOptions options;
    options.name = "historian." + historian;
    options.folder = folder_.path() / historian;
    options.gather_for = 10ms;
    historians_.add(history::WantedSeries(history::series_of(*catalog(), options.name, options.name)), factory_of(historian),
                    options);
    const auto modes = history::capture_modes(engine().catalog());
    engine().set_capture(capture_, [&](tags::TagId tag) { return modes[tag]; });
    historians_.start();
}

WholePlant::~WholePlant() { queries_.stop(); }

void WholePlant::publish(std::string_view tag, const std::vector<double>& numbers, bool has_time) {
    const auto item = engine().catalog().view(id(tag)).item;
    const auto now = clock.now();
    SampleBatch batch;
    for (const auto number : numbers) batch.add_word(item, word_of(number), QualityCode::good, has_time ? to_ns(now.utc) : 0);
    journalled_.plant->now = now;
    journalled_.plant->publish(batch);
}

void WholePlant::cycle(Now at) {
    journalled_.plant->now = clock.now();
    journalled_.cycle();
    archiver_.gather(at);
}

void WholePlant::sync() {
    journalled_.sync();
    const auto done = values_->commit();
    ASSERT_TRUE(done) << done.error().text();
    queries_.wake();
    for (auto* consumer : historians_.all()) consumer->wake();
}

// Jobs are done between other things, and tidying is one of these.
void WholePlant::store() {
    for (int i = 0; i < 3; ++i) {
        const auto done = historians_.find("")->flush(std::chrono::seconds(30));
        ASSERT_TRUE(done) << done.error().text();
    }
}

std::vector<Row> WholePlant::rows(std::string_view tag, HistoryRequest request) {
    std::vector<Row> found;
    do {
        const auto page = answer_of<HistoryReply>([&](auto done) { queries_.history(1, id(tag), request, std::move(done)); });
        for (std::size_t i = 0; i < page.rows.size(); ++i) {
            EXPECT_FALSE(is_bad(page.rows.quality(i))) << page.rows.cause(i);
            found.push_back({page.rows.time[i], engine::number_of(page.rows.type, page.rows.word[i])});
        }
        request.after = page.next;
    } while (!request.after.empty());
    return found;
}

std::vector<Row> WholePlant::rows(std::string_view tag) {
    HistoryRequest request;
    request.from = utc_from_ns(-8'000'000'000'000'000'000);
    request.to = utc_from_ns(9'000'000'000'000'000'000);
    request.limit = 97;
    return rows(tag, std::move(request));
}

TrendLine WholePlant::trend(std::string_view tag, const TrendRequest& request) {
    const auto reply = answer_of<TrendReply>([&](auto done) { queries_.trend(1, {id(tag)}, request, std::move(done)); });
    return reply.lines.empty() ? TrendLine() : reply.lines.front();
}

std::vector<double> WholePlant::journalled(std::string_view tag) const {
    std::vector<double> found;
    const auto reader = values_->reader(0);
    journal::Record record;
    history::DecodedValues values;
    while (reader->next(record).value_or(false)) {
        if (record.type != journal::RecordType::values) continue;
        EXPECT_TRUE(history::decode_values(record.body, values));
        for (const auto& run : values.runs()) {
            if (run.series != id(tag)) continue;
            for (const auto word : values.samples(run).word) found.push_back(double_of(word));
        }
    }
    return found;
}

std::uint64_t WholePlant::clock_events() const {
    const auto events = journalled_.events();
    return static_cast<std::uint64_t>(std::ranges::count(events, EventKind::clock_stepped, &Event::kind));
}

}  // namespace penstock::clock_test
