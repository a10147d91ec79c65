// What the library boundary costs per value: a driver loaded as a plugin, called through its guest table, against an
// object of the same class in this program, called as what it is. Both read 1,000 items at a time, and the same code then
// goes through the columns, as a host has to.

#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <numeric>
#include <string>
#include <vector>

#include "core/guests/no_io.hpp"
#include "core/guests/plugin_registry.hpp"
#include "counting_driver.hpp"
#include "tests/bench/bench_report.hpp"

namespace {

using namespace penstock;

constexpr std::uint32_t kBatch = 1'000;

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "driver_boundary: %s\n", why.c_str());
    std::exit(1);
}

// What a host does at least: look at every item, status and word.
std::uint64_t consume(const abi::Columns& columns) {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < columns.count; ++i) {
        if (columns.item[i] >= kBatch || columns.status[i] != 0) give_up("a sample is not what was read");
        sum += columns.word[i];
    }
    return sum;
}

std::vector<ItemId> all_items() {
    std::vector<ItemId> items(kBatch);
    std::iota(items.begin(), items.end(), 0U);
    return items;
}

class NeverCompletes final : public abi::Completion {
public:
    void complete(const abi::IoResult&) noexcept override { give_up("a read that had nothing to wait for has waited"); }
};

// The guest table of a plugin, by way of the registry.
class PluginPath {
public:
    PluginPath() : registry_(guests::PluginRegistry::scan({COUNTING_PLUGIN})) {
        const auto library = registry_.load("driver.counting");
        if (!library) give_up(library.error().text());
        auto driver = guests::create_driver(**library, settings_, io_, "bench");
        if (!driver) give_up(driver.error().text());
        driver_ = std::move(*driver);
        std::vector<abi::ItemAddress> items;
        for (const auto id : due_) items.push_back({.item = id, .reserved = 0, .address = abi::text("1")});
        abi::Fault fault;
        if (!driver_->set_items(items.data(), kBatch, fault)) give_up(std::string(fault.sentence()));
        polling_ = driver_->polling();
    }

    std::uint64_t read() {
        fault_.code = 0;
        abi::Columns columns;
        if (!polling_->start_read(due_.data(), kBatch, 0, columns, fault_, completion_))
            give_up("the read has not ended at once");
        if (fault_.failed()) give_up(std::string(fault_.sentence()));
        return consume(columns);
    }

private:
    guests::NoIo io_;
    base::SettingsDocument settings_;
    guests::PluginRegistry registry_;
    guests::DriverOwner driver_;
    abi::PollingGuest* polling_ = nullptr;
    std::vector<ItemId> due_ = all_items();
    abi::Fault fault_;
    NeverCompletes completion_;
};

// Starts a task that will not wait.
struct StartedTask {
    struct promise_type {
        StartedTask get_return_object() noexcept { return {}; }
        [[nodiscard]] std::suspend_never initial_suspend() const noexcept { return {}; }
        [[nodiscard]] std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() noexcept { std::terminate(); }
    };
};

// An object of the class itself.
class StaticLink {
public:
    StaticLink() : driver_(Settings(), Io(io_)) {
        std::vector<Item<std::uint32_t>> items;
        for (const auto id : due_) items.emplace_back(id, ValueType::uint64, 1U);
        driver_.replace_items(std::move(items));
    }

    std::uint64_t read() {
        batch_.clear();
        has_ended_ = false;
        run(this);
        if (!has_ended_) give_up("the read has not ended at once");
        return consume(batch_.columns());
    }

private:
    static StartedTask run(StaticLink* self) {
        co_await self->driver_.read(self->due_, self->batch_);
        self->has_ended_ = true;
    }

    guests::NoIo io_;
    CountingDriver driver_;
    std::vector<ItemId> due_ = all_items();
    SampleBatch batch_;
    bool has_ended_ = false;
};

template <class Path>
double ns_per_value(Path& path, int batches) {
    std::uint64_t sum = 0;
    const double seconds = bench::cpu_seconds_of([&] {
        for (int i = 0; i < batches; ++i) sum += path.read();
    });
    if (sum == 0) give_up("nothing was counted");
    return seconds * 1e9 / (static_cast<double>(batches) * kBatch);
}

}  // namespace

int main(int argc, char** argv) {
    // Many short runs: each is shorter than the time that a busy machine gives to a neighbour.
    const auto options = bench::parse_options(argc, argv, 501);
    constexpr int kBatches = 200;
    PluginPath plugin;
    StaticLink direct;
    ns_per_value(plugin, kBatches);  // buffers have grown, caches are warm
    ns_per_value(direct, kBatches);
    const auto medians = bench::measure(
        options.runs, [&] { return ns_per_value(plugin, kBatches); }, [&] { return ns_per_value(direct, kBatches); });
    bench::print({.bench = "driver_boundary", .metric = "cost_per_value", .unit = "ns", .peer = "static_link"}, medians,
                 options.runs);
    return 0;
}
