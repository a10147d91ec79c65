// Resident bytes per tag: how much a process grows from 10,000 to 110,000 tags with names, units, addresses, descriptions and limits: ids,
// catalog, live cells, versions, ring, and the queue through which every tag has got a value. Each size is a process of
// its own, because memory that was freed stays resident. The peer is the target of 400 bytes.

#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include <penstock/sample_batch.hpp>

#include "core/engine/engine.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"
#include "tests/bench/bench_report.hpp"

namespace penstock {
namespace {

constexpr double kTarget = 400;

double resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    double all = 0, resident = 0;
    statm >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::shared_ptr<const tags::TagCatalog> make_catalog(std::uint32_t count, tags::TagIdStore& ids) {
    tags::TagCatalogBuilder builder;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto number = std::to_string(i);
        const auto name = "works.line" + std::to_string(i % 40) + ".unit" + number + ".pressure";
        const auto device = "plc" + std::to_string(i % 50);
        const auto address = "holding:" + std::to_string(i / 50) + ":float32:cdab";
        const auto area = "works/line" + std::to_string(i % 40);
        const auto description = "pressure behind pump " + number;
        tags::TagDefinition tag;
        tag.name = name;
        tag.device = device;
        tag.address = address;
        tag.area = area;
        tag.unit = "bar";
        tag.description = description;
        tag.scan_class = "fast";
        tag.file = "tags/pressures.csv";
        tag.line = i + 2;
        tag.native_type = ValueType::float64;
        tag.range_low = 0;
        tag.range_high = 10.0 + i % 100;
        tag.scaling = tags::Scaling{0, 27648, 0, 10.0 + i % 100, true};
        builder.add(tag);
    }
    return builder.build(ids).value();
}

// In a fresh process: what it holds with this many tags.
double resident_with(std::uint32_t count) {
    int ends[2];
    if (pipe(ends) != 0) return 0;
    const auto child = fork();
    if (child == 0) {
        tags::TagIdStore ids;
        engine::Engine engine(make_catalog(count, ids));
        const auto& catalog = engine.catalog();
        for (std::size_t device = 0; device < catalog.devices().size(); ++device) {
            auto& producer = engine.add_producer(catalog.devices()[device], device);
            SampleBatch batch;
            for (ItemId item = 0; item < catalog.tags_of_device(device).size(); ++item) batch.add(item, 100.0 + item);
            producer.publish(batch.columns(), {});
        }
        while (engine.run_cycle({}).work_left) {
        }
        malloc_trim(0);
        const auto resident = resident_bytes();
        const bool is_told = write(ends[1], &resident, sizeof(resident)) == sizeof(resident);
        _exit(is_told && catalog.size() == count ? 0 : 1);
    }
    double resident = 0;
    const bool has_read = read(ends[0], &resident, sizeof(resident)) == sizeof(resident);
    close(ends[0]);
    close(ends[1]);
    int status = 1;
    waitpid(child, &status, 0);
    return has_read && status == 0 ? resident : 0;
}

}  // namespace
}  // namespace penstock

int main(int argc, char** argv) {
    using namespace penstock;
    const auto options = bench::parse_options(argc, argv);
    const std::uint32_t few = options.smoke ? 1'000 : 10'000;
    const std::uint32_t many = options.smoke ? 11'000 : 110'000;
    bool is_measured = true;
    const auto growth = [&] {
        const auto small = resident_with(few), large = resident_with(many);
        is_measured = is_measured && small != 0 && large != 0;
        return (large - small) / (many - few);
    };
    const auto medians = bench::measure(options.runs, growth, [] { return kTarget; });
    if (!is_measured) {
        std::fprintf(stderr, "a process with the tags failed\n");
        return 1;
    }
    bench::print({.bench = "memory", .metric = "resident_bytes_per_tag", .unit = "B", .peer = "target"}, medians, options.runs);
    return 0;
}
