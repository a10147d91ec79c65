#include "tests/bench/recovery/filled_plant.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "core/base/clock.hpp"
#include "core/engine/engine.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/history/values_record.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/plant_memory.hpp"
#include "core/site/site.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "tests/bench/support/history/signals.hpp"

namespace penstock::bench {
namespace {

constexpr std::uint64_t kRowsARecord = 5'000;
constexpr std::uint64_t kMostBuffered = 64 * 1024 * 1024;

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "recovery: %s\n", why.c_str());
    std::exit(1);
}

template <class Value>
Value need(Result<Value> result) {
    if (!result) give_up(result.error().text());
    return *std::move(result);
}

void need(const Result<void>& result) {
    if (!result) give_up(result.error().text());
}

std::shared_ptr<const tags::TagCatalog> make_catalog(const site::Site& site, const server::DataFolder& data) {
    auto ids = need(tags::TagIdStore::load(data.path() / "tags.ids", {data.server_id(), data.epoch()}));
    tags::TagCatalogBuilder builder;
    site.add_tags(builder);
    auto catalog = need(builder.build(ids));
    need(ids.save());
    return catalog;
}

// What the archiver would have appended, the last second of it now.
void append_values(journal::Lane& lane, const tags::TagCatalog& catalog, std::uint64_t values, const base::Clock& clock) {
    const auto tags = static_cast<std::uint32_t>(catalog.by_name().size());
    std::vector<Signal> signals;
    for (std::uint32_t n = 0; n < tags; ++n) signals.emplace_back(SignalKind::walk, n);
    const auto seconds = static_cast<std::int64_t>(values / tags);
    const auto later = to_ns(clock.now().utc) - kSignalsBegin - (seconds + 2) * 1'000'000'000;
    history::ValuesEncoder encoder(catalog.id_limit());
    std::vector<tags::TagId> tag;
    std::vector<std::int64_t> time;
    std::vector<StatusWord> status;
    std::vector<std::uint64_t> word;
    for (std::uint64_t n = 0; n < values; ++n) {
        const auto sample = signals[n % tags].next();
        tag.push_back(catalog.by_name()[n % tags]);
        time.push_back(sample.time + later);
        status.push_back(sample.status);
        word.push_back(sample.word);
        if (tag.size() < kRowsARecord && n + 1 < values) continue;
        while (lane.status().buffered_bytes > kMostBuffered) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        need(lane.append(journal::RecordType::values, encoder.encode({tag, time, status, word, {}, {}}), clock.now()));
        tag.clear();
        time.clear();
        status.clear();
        word.clear();
    }
}

}  // namespace

void fill_plant(const std::filesystem::path& data, const std::filesystem::path& site, std::uint64_t values) {
    const base::SystemClock clock;
    const auto folder = need(server::DataFolder::open(data));
    const auto plugins = guests::PluginRegistry::scan(guests::default_search_paths(), {.runtime_folder = data});
    const auto loaded = site::load_site(site, {}, plugins);
    if (!loaded.site) give_up("the site is faulty: " + loaded.faults.front().text());
    const auto catalog = make_catalog(*loaded.site, folder);
    const auto memory = need(server::PlantMemory::open(folder, *loaded.site, "historian.sqlite", catalog, plugins, clock));
    engine::Engine engine(catalog, {.started = clock.now()});
    need(memory->attach(engine));
    memory->start();
    auto& lane = memory->journal().values();
    append_values(lane, *catalog, values, clock);
    const auto end = lane.appended();
    while (lane.durable() < end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    need(memory->archive().historians().find("")->flush(std::chrono::minutes(5)));
    memory->stop();
}

}  // namespace penstock::bench
