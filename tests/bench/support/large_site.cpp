#include "tests/bench/support/large_site.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include <nlohmann/json.hpp>

namespace penstock::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kDevices = 10;

void write_tag(std::ofstream& csv, nlohmann::ordered_json& list, LargeSiteDriver driver, const std::string& device, int i) {
    const std::string tag = device + ".section_" + std::to_string(i / 100) + ".flow_" + std::to_string(i);
    const bool is_modbus = driver == LargeSiteDriver::modbus;
    const std::string address = is_modbus ? "holding:" + std::to_string(i * 2) + ":int16" : "sine:period=60s,low=0,high=27648";
    const std::string area = std::string("works/") + static_cast<char>('a' + i / 50 % 4);
    const std::string description = "Flow " + std::to_string(i) + " of the section, measured";
    const std::string_view access = is_modbus ? "read_write" : "read";
    const std::string_view archive = driver == LargeSiteDriver::archived_simulation ? "1ms" : "off";
    csv << tag << ',' << device << ",\"" << address << "\",double,m³/h," << area << ",\"" << description << "\","
        << (i % 10 == 0 ? "fast" : "slow") << ",0,500,0,27648,0,500,0.5," << access << ',' << archive << '\n';
    list.push_back({{"name", tag},
                    {"device", device},
                    {"address", address},
                    {"type", "double"},
                    {"unit", "m³/h"},
                    {"area", area},
                    {"description", description},
                    {"scan_class", i % 10 == 0 ? "fast" : "slow"},
                    {"range", {0, 500}},
                    {"scaling", {{"raw", {0, 27648}}, {"eng", {0, 500}}}},
                    {"deadband", {{"absolute", 0.5}}},
                    {"access", access}});
}

}  // namespace

LargeSite::LargeSite(int tags, LargeSiteDriver driver) : tags_(tags) {
    std::string pattern = (fs::temp_directory_path() / "penstock-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for temporary files");
    root_ = pattern;
    for (const char* folder : {"devices", "tags"}) fs::create_directories(site() / folder);
    const std::string periods = driver == LargeSiteDriver::archived_simulation ? R"({"fast": "10ms", "slow": "10ms"})"
                                                                               : R"({"fast": "1s", "slow": "10s"})";
    const std::string plugin = driver == LargeSiteDriver::modbus ? "modbus" : "simulation";
    std::ofstream(site() / "site.json")
        << R"({"format": 1, "name": "Large", "areas": {"works": {"a": {}, "b": {}, "c": {}, "d": {}}}, "plugins": {"driver.)"
        << plugin << R"(": {}}})";
    auto list = nlohmann::ordered_json::array();
    for (int device = 0; device < kDevices; ++device) {
        const std::string name = "plc" + std::to_string(device);
        std::ofstream(site() / "devices" / (name + ".json"))
            << R"({"driver": ")" << plugin << '"' << (driver == LargeSiteDriver::modbus ? R"(, "endpoint": "127.0.0.1:1")" : "")
            << R"(, "scan_classes": )" << periods << '}';
        std::ofstream csv(site() / "tags" / (name + ".csv"));
        csv << "name,device,address,type,unit,area,description,scan_class,range_low,range_high,raw_low,raw_high,eng_low,"
               "eng_high,deadband,access,archive\n";
        for (int i = 0; i < tags / kDevices; ++i) write_tag(csv, list, driver, name, i);
    }
    std::ofstream(tags_as_json()) << nlohmann::ordered_json{{"tags", std::move(list)}}.dump(1);
}

void LargeSite::add_alarms() {
    fs::create_directories(site() / "alarms");
    for (int device = 0; device < kDevices; ++device) {
        const std::string name = "plc" + std::to_string(device);
        auto list = nlohmann::ordered_json::array();
        for (int i = 0; i < tags_ / kDevices; i += 4) {
            const std::string tag = name + ".section_" + std::to_string(i / 100) + ".flow_" + std::to_string(i);
            const std::string flow = "Flow " + std::to_string(i) + " of " + name;
            const auto limit = [&](int at, const char* priority, const char* what) {
                return nlohmann::ordered_json{
                    {"limit", at}, {"priority", priority}, {"text", flow + what + " {value} {unit}, beyond {limit}"}};
            };
            list.push_back({{"name", tag},
                            {"tag", tag},
                            {"policy", "limits"},
                            {"hysteresis", 5},
                            {"on_delay", "2s"},
                            {"cause", "The valve behind the meter is stuck"},
                            {"response", "Send somebody to the section"},
                            {"low_low", limit(10, "critical", " is nearly zero:")},
                            {"low", limit(50, "medium", " is low:")},
                            {"high", limit(400, "medium", " is high:")},
                            {"high_high", limit(450, "high", " is very high:")}});
        }
        std::ofstream(site() / "alarms" / (name + ".json")) << nlohmann::ordered_json{{"alarms", std::move(list)}}.dump(1);
    }
}

LargeSite::~LargeSite() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
}

ServerProcess::ServerProcess(const fs::path& data, const fs::path& site) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("no process");
    if (pid_ == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        // No link to this server where the user's own tools would look.
        ::setenv("XDG_RUNTIME_DIR", data.parent_path().c_str(), 1);
        const char* const program = PENSTOCK_BIN_DIR "/penstock-server";
        ::execl(program, program, "--data", data.c_str(), "--site", site.c_str(), ::geteuid() == 0 ? "--allow-root" : nullptr,
                nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ::fdopen(ends[0], "r");
}

ServerProcess::~ServerProcess() {
    end(SIGTERM);
    std::fclose(output_);
}

void ServerProcess::kill() { end(SIGKILL); }

void ServerProcess::end(int signal) {
    if (pid_ < 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void ServerProcess::wait_until_ready() {
    char line[4096];
    while (std::fgets(line, sizeof line, output_) != nullptr) {
        if (std::string_view(line) == "ready\n") return;
    }
    throw std::runtime_error("the server ended before it was ready");
}

}  // namespace penstock::bench
