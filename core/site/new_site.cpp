#include "core/site/new_site.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "core/site/fault_list.hpp"
#include "core/site/names.hpp"

namespace penstock::site {
namespace {

namespace fs = std::filesystem;

struct File {
    std::string name;
    std::string text;
};

// A name that can stand in JSON between quotation marks as it is.
std::string json_text(std::string_view text) {
    std::string result;
    for (const char c : escaped(text)) {
        if (c == '"') result += '\\';
        result += c;
    }
    return result;
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() && port >= 1 && port <= 65535;
}

// HOST:PORT with a name, an IPv4 address or an IPv6 address in brackets.
bool is_endpoint(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || !is_port(text.substr(colon + 1))) return false;
    std::string_view host = text.substr(0, colon);
    const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
    if (is_bracketed) host = host.substr(1, host.size() - 2);
    if (host.empty() || host.size() > 253) return false;
    for (const char c : host) {
        const bool is_word =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
        if (!is_word && !(is_bracketed && (c == ':' || c == '%'))) return false;
    }
    return true;
}

File site_file(const std::string& name, std::string_view driver) {
    return {"site.json", "// What the plant is called, its areas, its plugins. Comments are allowed in all files of a site.\n"
                         "{\n"
                         "  \"format\": 1,\n"
                         "  \"name\": \"" + name + "\",\n"
                         "  \"languages\": [\"en\"],\n"
                         "  \"time_zone\": \"UTC\",\n"
                         "  \"start_screen\": \"overview\",\n"
                         "  \"areas\": {\"plant\": {}},\n"
                         "  \"plugins\": {\"driver." + std::string(driver) + "\": {}, \"widget.basic\": {}}\n"
                         "}\n"};
}

constexpr int kTags = 10;

File screen_file(const std::string& title, std::string_view prefix) {
    std::string text = "{\n  \"format\": 1,\n  \"title\": \"" + title
                       + "\",\n  \"size\": [1280, 800],\n  \"area\": \"plant\",\n  \"widgets\": [\n";
    for (int i = 0; i < kTags; ++i) {
        const std::string tag = std::string(prefix) + std::to_string(i);
        const std::string id = tag.substr(tag.find('.') + 1);
        text += "    {\"id\": \"" + id + "\", \"type\": \"value\", \"x\": " + std::to_string(40 + (i % 5) * 244) + ", \"y\": "
                + std::to_string(40 + (i / 5) * 120) + ", \"width\": 168, \"height\": 72,\n     \"properties\": {\"label\": \""
                + id + "\", \"decimals\": 2}, \"bindings\": {\"value\": \"" + tag + "\"}}" + (i + 1 < kTags ? "," : "") + "\n";
    }
    return {"screens/overview.json", text + "  ]\n}\n"};
}

std::vector<File> modbus_site(const std::string& name, std::string_view endpoint) {
    std::string tags = "{\n  \"format\": 1,\n  \"tags\": [\n";
    for (int i = 0; i < kTags; ++i) {
        const std::string number = std::to_string(i);
        tags += "    {\"name\": \"plc1.h" + number + "\", \"device\": \"plc1\", \"address\": \"holding:" + number
                + "\", \"area\": \"plant\", \"scan_class\": \"fast\", \"access\": \"read_write\",\n"
                + "     \"archive\": \"on_change\"}" + (i + 1 < kTags ? "," : "") + "\n";
    }
    tags += "  ]\n}\n";
    const std::string device = "{\n"
                               "  \"driver\": \"modbus\",\n"
                               "  // penstock-server --set plc1_endpoint=HOST:PORT overrides it\n"
                               "  \"endpoint\": {\"param\": \"plc1_endpoint\", \"default\": \"" + std::string(endpoint) + "\"},\n"
                               "  \"unit\": 1,\n"
                               "  \"scan_classes\": {\"fast\": \"100ms\"}\n"
                               "}\n";
    return {site_file(name, "modbus"), {"devices/plc1.json", device}, {"tags/plc1.json", tags}, screen_file(name, "plc1.h")};
}

std::vector<File> simulated_site(const std::string& name) {
    constexpr std::string_view kAddresses[] = {"sine:period=20s,low=0,high=100",
                                               "sine:period=5s,low=-10,high=10",
                                               "ramp:period=30s,low=0,high=100",
                                               "step:period=4s,low=0,high=1",
                                               "step:period=10s,low=20,high=80",
                                               "random_walk:every=1s,step=2,low=0,high=100",
                                               "random_walk:every=500ms,step=0.5,low=4,high=20",
                                               "counter:every=1s",
                                               "constant:value=42",
                                               "memory:value=50"};
    std::string tags = "{\n  \"format\": 1,\n  \"tags\": [\n";
    for (int i = 0; i < kTags; ++i) {
        tags += "    {\"name\": \"sim1.s" + std::to_string(i) + "\", \"device\": \"sim1\", \"address\": \""
                + std::string(kAddresses[i]) + "\", \"area\": \"plant\", \"scan_class\": \"fast\""
                + (kAddresses[i].starts_with("memory:") ? ", \"access\": \"read_write\"" : "")
                + ",\n     \"archive\": \"on_change\"}" + (i + 1 < kTags ? "," : "") + "\n";
    }
    tags += "  ]\n}\n";
    const std::string device = "{\n  \"driver\": \"simulation\",\n  \"scan_classes\": {\"fast\": \"100ms\"}\n}\n";
    return {
        site_file(name, "simulation"), {"devices/sim1.json", device}, {"tags/sim1.json", tags}, screen_file(name, "sim1.s")};
}

// "" or the reason. A file is never written over one that is there.
std::string write_file(const fs::path& path, const std::string& text) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0) return std::generic_category().message(errno);
    std::size_t done = 0;
    std::string reason;
    while (done < text.size() && reason.empty()) {
        const ssize_t count = ::write(fd, text.data() + done, text.size() - done);
        if (count >= 0)
            done += static_cast<std::size_t>(count);
        else if (errno != EINTR)
            reason = std::generic_category().message(errno);
    }
    if (::close(fd) != 0 && reason.empty()) reason = std::generic_category().message(errno);
    return reason;
}

// Removes what was made, newest first, unless it is kept.
class Cleanup {
public:
    void made(fs::path path) { made_.push_back(std::move(path)); }
    void keep() noexcept { made_.clear(); }
    ~Cleanup() {
        std::error_code ignored;
        for (auto path = made_.rbegin(); path != made_.rend(); ++path) fs::remove(*path, ignored);
    }

private:
    std::vector<fs::path> made_;
};

Result<void> make_folder(const fs::path& folder, Cleanup& cleanup) {
    std::error_code error;
    if (fs::create_directory(folder, error)) cleanup.made(folder);
    if (!error) return {};
    return fail(ErrorCode::internal, "the folder cannot be made: " + error.message(), folder.string());
}

}  // namespace

Result<std::vector<std::string>> new_site(const fs::path& folder, std::string_view modbus_endpoint) {
    if (!modbus_endpoint.empty() && !is_endpoint(modbus_endpoint)) {
        return fail(ErrorCode::invalid_argument,
                    in_quotes(modbus_endpoint) + " is no endpoint; wanted HOST:PORT such as 192.168.0.10:502");
    }
    std::error_code error;
    if (fs::exists(folder, error) && (!fs::is_directory(folder, error) || !fs::is_empty(folder, error) || error)) {
        return fail(ErrorCode::invalid_config, "the folder is not empty; a new site is written into an empty or new one",
                    folder.string());
    }
    const fs::path absolute = fs::absolute(folder / ".", error).lexically_normal().parent_path();
    const std::string last = absolute.filename().string();
    const std::string name = name_fault(last).empty() ? json_text(last) : "New site";

    Cleanup cleanup;
    for (const fs::path& needed : {folder, folder / "devices", folder / "tags", folder / "screens"}) {
        const auto made = make_folder(needed, cleanup);
        if (!made) return std::unexpected(made.error());
    }
    std::vector<std::string> written;
    for (const File& file : modbus_endpoint.empty() ? simulated_site(name) : modbus_site(name, modbus_endpoint)) {
        cleanup.made(folder / file.name);
        const std::string reason = write_file(folder / file.name, file.text);
        if (!reason.empty())
            return fail(ErrorCode::internal, "the file cannot be written: " + reason, (folder / file.name).string());
        written.push_back(file.name);
    }
    cleanup.keep();
    return written;
}

}  // namespace penstock::site
