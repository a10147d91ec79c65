// How long it takes to load 100,000 tags that are members of 10,000 instances of a type, against the same tags written out one by one.

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "core/site/site.hpp"
#include "tests/bench/bench_report.hpp"
#include "tests/core/site/fake_plugins.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

namespace fs = std::filesystem;
using penstock::site::load_site;

constexpr int kMembers = 10;

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

// The members; `register_of` and `own` say how an address and a member of the same pump are written.
std::string member(int number, const std::string& register_of, const std::string& own) {
    if (number == 0) return R"("expression": ")" + own + R"(m2 > 50 and )" + own + R"(m3 < 20")";
    if (number == 1) return R"("type": "double", "unit": "bar", "access": "read_write", "description": "wanted pressure")";
    return R"("address": "input:)" + register_of
           + R"(:double", "unit": "bar", "range": [0, 100], "deadband": {"absolute": 0.5},)"
           + R"( "description": "measured pressure", "archive": "on_change")";
}

void write_common(const fs::path& site) {
    write(site / "site.json", R"({"format": 1, "name": "Works", "areas": {"a": {}}})");
    write(site / "devices/plc1.json", R"({"driver": "modbus", "endpoint": "127.0.0.1:1502"})");
}

void write_instances(const fs::path& site, int pumps) {
    write_common(site);
    std::string type = R"({"parameters": {"base": {"type": "number"}}, "members": {)";
    for (int m = 0; m < kMembers; ++m)
        type += (m == 0 ? "\n" : ",\n") + ("\"m" + std::to_string(m) + "\": {")
                + member(m, "{base + " + std::to_string(m) + "}", ".") + "}";
    write(site / "types/Pump.json", type + "}}");
    std::string tags = R"({"tags": [)";
    for (int p = 0; p < pumps; ++p)
        tags += (p == 0 ? "\n" : ",\n") + (R"({"name": "pump_)" + std::to_string(p))
                + R"(", "of": "Pump", "device": "plc1", "area": "a", "with": {"base": )" + std::to_string(p % 6000 * kMembers)
                + "}}";
    write(site / "tags/pumps.json", tags + "]}");
}

void write_plain(const fs::path& site, int pumps) {
    write_common(site);
    std::string tags = R"({"tags": [)";
    for (int p = 0; p < pumps; ++p) {
        const std::string pump = "pump_" + std::to_string(p) + ".";
        for (int m = 0; m < kMembers; ++m) {
            tags += (p + m == 0 ? "\n{\"name\": \"" : ",\n{\"name\": \"") + pump + "m" + std::to_string(m)
                    + R"(", "area": "a", )" + (m > 1 ? R"("device": "plc1", )" : "")
                    + member(m, std::to_string(p % 6000 * kMembers + m), pump) + "}";
        }
    }
    write(site / "tags/pumps.json", tags + "]}");
}

double seconds_to_load(const fs::path& site, int pumps) {
    penstock::site::testing::FakePlugins plugins;
    penstock::site::SiteResult result;
    const double seconds = penstock::bench::seconds_of([&] { result = load_site(site, {}, plugins); });
    if (!result.site) throw std::runtime_error(result.faults.front().text());
    if (result.site->tags().size() != static_cast<std::size_t>(pumps * kMembers)) throw std::runtime_error("tags are missing");
    return seconds;
}

}  // namespace

int main(int argc, char** argv) try {
    const auto options = penstock::bench::parse_options(argc, argv);
    const int pumps = options.smoke ? 100 : 10'000;
    const penstock::testing::TempFolder folder;
    write_instances(folder.path() / "instances", pumps);
    write_plain(folder.path() / "plain", pumps);
    const auto medians = penstock::bench::measure(
        options.runs, [&] { return seconds_to_load(folder.path() / "instances", pumps); },
        [&] { return seconds_to_load(folder.path() / "plain", pumps); });
    penstock::bench::print({.bench = "types", .metric = "seconds_to_load", .unit = "s", .peer = "tags_written_out"}, medians,
                           options.runs);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "types: %s\n", error.what());
    return 1;
}
