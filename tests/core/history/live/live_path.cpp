#include "tests/core/history/live/live_path.hpp"

#include <algorithm>
#include <string>

#include <penstock/sample_batch.hpp>

#include "core/history/archived_series.hpp"
#include "tests/core/engine/plant.hpp"
#include "tests/core/journal/lane_fixture.hpp"

namespace penstock::history_test {
namespace {

using Steady = std::chrono::steady_clock;

std::shared_ptr<const tags::TagCatalog> catalog_of_numbers(std::uint32_t tags) {
    tags::ArchiveRule rule;
    rule.mode = tags::ArchiveMode::on_change;
    rule.keep_raw = rule.keep_minutes = rule.keep_hours = 24h * 365;
    std::vector<std::string> names;
    std::vector<tags::TagDefinition> definitions;
    for (std::uint32_t n = 0; n < tags; ++n) names.push_back("t" + std::to_string(n));
    for (const auto& name : names) {
        auto tag = engine::device_tag(name);
        tag.archive = &rule;
        definitions.push_back(tag);
    }
    return engine::make_catalog(definitions);
}

}  // namespace

LivePath::LivePath(guests::HistorianFactory factory) {
    const auto catalog = catalog_of_numbers(kTags);
    engine::EngineOptions options;
    options.started = clock_.now();
    engine_ = std::make_unique<engine::Engine>(catalog, options);
    producer_ = &engine_->add_producer("plc", 0);
    engine_->add_waker(bell_);
    capture_ = std::make_unique<engine::Capture>(catalog->id_limit());
    const auto modes = history::capture_modes(*catalog);
    engine_->set_capture(*capture_, [&](tags::TagId tag) { return modes[tag]; });
    journal::LaneOptions lane;
    lane.kind = journal::LaneKind::values;
    lane.folder = folder_.path() / "values";
    lane.server_id = "live";
    lane_ = journal::open_lane(base::real_file_system(), lane);
    archiver_ = std::make_unique<history::Archiver>(tags::TagReader(engine_->table()), *capture_, *lane_);
    history::ConsumerOptions consumer;
    consumer.name = "historian.under-test";
    consumer.folder = folder_.path() / "historian";
    consumer.backoff_least = consumer.backoff_most = 200ms;
    consumer.store_within = 2s;
    auto series = history::series_of(*catalog, consumer.name, consumer.name);
    consumer_ = std::make_unique<history::HistorianConsumer>(*lane_, history::WantedSeries(std::move(series), catalog),
                                                             std::move(factory), consumer, clock_);
    consumer_->start();
    lane_thread_ =
        std::make_unique<journal::LaneThread>(*lane_, clock_, [this](Now now) { return archiver_->gather(now); }, 50ms);
    engine_thread_ = std::make_unique<engine::EngineThread>(*engine_, clock_);
    sent_.resize(catalog->id_limit());
}

LivePath::~LivePath() {
    device_ = {};
    engine_thread_->stop();
    lane_thread_->stop();
    consumer_->stop(10s);
}

void LivePath::publish_one() {
    SampleBatch batch;
    const auto& tags = engine_->catalog().tags_of_device(0);
    const auto begin = static_cast<ItemId>(batches_++ % (kTags / kBatch)) * kBatch;
    for (ItemId item = begin; item < begin + kBatch; ++item) batch.add(item, static_cast<double>(++sent_[tags[item]]));
    const auto seen = bell_.rings();
    const auto at = Steady::now();
    producer_->publish(batch.columns(), clock_.now());
    bell_.wait(seen);
    latencies_.push_back(std::chrono::duration<double, std::micro>(Steady::now() - at).count());
    published_ += kBatch;
}

void LivePath::begin() {
    latencies_.clear();
    device_ = std::jthread([this](const std::stop_token& stop) {
        for (auto next = Steady::now(); !stop.stop_requested(); next += kEvery) {
            std::this_thread::sleep_until(next);
            publish_one();
        }
    });
}

std::vector<double> LivePath::end() {
    device_ = {};
    return latencies_;
}

std::vector<double> LivePath::run(Duration time) {
    begin();
    std::this_thread::sleep_for(time);
    return end();
}

void LivePath::settle() {
    while (archiver_->status().kept < published()) std::this_thread::sleep_for(10ms);
    while (lane_->durable() < lane_->appended()) std::this_thread::sleep_for(10ms);
}

double p99(std::vector<double> latencies) {
    constexpr std::size_t kBlock = 1'000;
    std::vector<double> blocks;
    const auto block = std::clamp<std::size_t>(latencies.size(), 1, kBlock);
    for (std::size_t first = 0; first + block <= latencies.size(); first += block) {
        const auto begin = latencies.begin() + static_cast<std::ptrdiff_t>(first);
        const auto at = begin + static_cast<std::ptrdiff_t>(block * 99 / 100);
        std::nth_element(begin, at, begin + static_cast<std::ptrdiff_t>(block));
        blocks.push_back(*at);
    }
    if (blocks.empty()) return 0;
    std::ranges::nth_element(blocks, blocks.begin() + static_cast<std::ptrdiff_t>(blocks.size() / 2));
    return blocks[blocks.size() / 2];
}

}  // namespace penstock::history_test
