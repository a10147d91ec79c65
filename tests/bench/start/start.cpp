// How long a server takes from exec to "ready" with 100,000 tags in CSV files, all of them checked (addresses by the Modbus driver),
// against nlohmann/json parsing the same tags from one JSON file.
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/bench/bench_report.hpp"

namespace {

namespace fs = std::filesystem;
using penstock::bench::seconds_of;

constexpr int kDevices = 10;

// A site, the same tags as one JSON file, and the data folders of servers: gone at the end.
class Scratch {
public:
    explicit Scratch(int tags) {
        std::string pattern = (fs::temp_directory_path() / "penstock-start-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for temporary files");
        root_ = pattern;
        write_site(tags);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(root_, ignored);
    }
    [[nodiscard]] fs::path site() const { return root_ / "site"; }
    [[nodiscard]] fs::path tags_as_json() const { return root_ / "tags.json"; }
    [[nodiscard]] fs::path new_data_folder() { return root_ / ("data" + std::to_string(++data_folders_)); }

private:
    void write_site(int tags) {
        for (const char* folder : {"devices", "tags"}) fs::create_directories(site() / folder);
        std::ofstream(site() / "site.json")
            << R"({"format": 1, "name": "Large", "areas": {"works": {"a": {}, "b": {}, "c": {}, "d": {}}}, "plugins": {"driver.modbus": {}}})";
        auto list = nlohmann::ordered_json::array();
        for (int device = 0; device < kDevices; ++device) {
            const std::string name = "plc" + std::to_string(device);
            // Nobody listens there: what counts is the site, not the plant.
            std::ofstream(site() / "devices" / (name + ".json"))
                << R"({"driver": "modbus", "endpoint": "127.0.0.1:1", "scan_classes": {"fast": "1s", "slow": "10s"}})";
            std::ofstream csv(site() / "tags" / (name + ".csv"));
            csv << "name,device,address,type,unit,area,description,scan_class,range_low,range_high,raw_low,raw_high,eng_low,"
                   "eng_high,deadband,access\n";
            for (int i = 0; i < tags / kDevices; ++i) write_tag(csv, list, name, i);
        }
        std::ofstream(tags_as_json()) << nlohmann::ordered_json{{"tags", std::move(list)}}.dump(1);
    }

    static void write_tag(std::ofstream& csv, nlohmann::ordered_json& list, const std::string& device, int i) {
        const std::string tag = device + ".section_" + std::to_string(i / 100) + ".flow_" + std::to_string(i);
        const std::string address = "holding:" + std::to_string(i * 2) + ":int16";
        const std::string area = std::string("works/") + static_cast<char>('a' + i / 50 % 4);
        const std::string description = "Flow " + std::to_string(i) + " of the section, measured";
        csv << tag << ',' << device << ',' << address << ",double,m³/h," << area << ",\"" << description << "\","
            << (i % 10 == 0 ? "fast" : "slow") << ",0,500,0,27648,0,500,0.5,read_write\n";
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
                        {"access", "read_write"}});
    }

    fs::path root_;
    int data_folders_ = 0;
};

// A server with its standard output in our hands; ended by its own pid.
class Server {
public:
    Server(const fs::path& data, const fs::path& site) {
        int ends[2];
        if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
        pid_ = ::fork();
        if (pid_ < 0) throw std::runtime_error("no process");
        if (pid_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            const char* const program = PENSTOCK_BIN_DIR "/penstock-server";
            ::execl(program, program, "--data", data.c_str(), "--site", site.c_str(),
                    ::geteuid() == 0 ? "--allow-root" : nullptr, nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        output_ = ::fdopen(ends[0], "r");
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server() {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
        std::fclose(output_);
    }

    void wait_until_ready() {
        char line[4096];
        while (std::fgets(line, sizeof line, output_) != nullptr) {
            if (std::string_view(line) == "ready\n") return;
        }
        throw std::runtime_error("the server ended before it was ready");
    }

private:
    pid_t pid_ = -1;
    std::FILE* output_ = nullptr;
};

double seconds_to_ready(Scratch& scratch) {
    const fs::path data = scratch.new_data_folder();
    std::unique_ptr<Server> server;
    return seconds_of([&] {
        server = std::make_unique<Server>(data, scratch.site());
        server->wait_until_ready();
    });
}

double seconds_to_parse(const Scratch& scratch) {
    nlohmann::json tags;
    const double seconds = seconds_of([&] {
        // From memory, which is the fastest that nlohmann/json has.
        std::ifstream file(scratch.tags_as_json(), std::ios::binary);
        std::string text(fs::file_size(scratch.tags_as_json()), '\0');
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
        tags = nlohmann::json::parse(text);
    });
    if (tags["tags"].empty()) throw std::runtime_error("the tags were not read");
    return seconds;
}

}  // namespace

int main(int argc, char** argv) try {
    const auto options = penstock::bench::parse_options(argc, argv);
    Scratch scratch(options.smoke ? 1'000 : 100'000);
    const auto medians = penstock::bench::measure(
        options.runs, [&] { return seconds_to_ready(scratch); }, [&] { return seconds_to_parse(scratch); });
    penstock::bench::print({.bench = "start", .metric = "seconds_to_ready", .unit = "s", .peer = "json_parse"}, medians,
                           options.runs);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "start: %s\n", error.what());
    return 1;
}
