#include "tests/core/guests/support/fake_device.hpp"

#include <utility>

#include <penstock/plain_value.hpp>

namespace penstock::guests::test {
namespace {

Step take_step(std::deque<Step>& steps, const Step& otherwise = {}) {
    if (steps.empty()) return otherwise;
    auto step = std::move(steps.front());
    steps.pop_front();
    return step;
}

class FakeDriver final : public abi::DriverGuest, private abi::PollingGuest {
public:
    explicit FakeDriver(FakeDevice& device) : device_(device), timer_(device.strand, [this] { end(); }) {}

    bool parse(abi::Text, abi::ItemInfo&, abi::Fault&) noexcept override { return true; }
    bool set_items(const abi::ItemAddress*, std::uint32_t, abi::Fault& fault) noexcept override {
        if (device_.items_fault.empty()) return true;
        fault.set(static_cast<std::int32_t>(ErrorCode::invalid_config), device_.items_fault, false);
        return false;
    }
    abi::PollingGuest* polling() noexcept override { return this; }
    abi::PollingGuest* blocking() noexcept override { return nullptr; }
    abi::RunningGuest* running() noexcept override { return nullptr; }
    abi::BrowseGuest* browse() noexcept override { return nullptr; }
    std::uint32_t last_request(std::uint32_t item, char* into, std::uint32_t capacity) noexcept override {
        return copy("read item " + std::to_string(item), into, capacity);
    }
    std::uint32_t last_answer(std::uint32_t item, char* into, std::uint32_t capacity) noexcept override {
        return copy(std::to_string(device_.values[item]), into, capacity);
    }
    void abandon() noexcept override {
        ++device_.abandons;
        drop();
    }
    void release() noexcept override {
        ++device_.releases;
        delete this;
    }

    // A call that is cancelled ends at once, unless it hangs.
    void cancel() {
        if (!timer_.is_armed()) return;
        timer_.cancel();
        step_.code = ErrorCode::cancelled;
        device_.strand.post([this, alive = std::weak_ptr(alive_)] {
            if (!alive.expired()) end();
        });
    }

private:
    bool start_connect(std::int64_t, abi::Fault& fault, abi::Completion& completion) noexcept override {
        device_.log.emplace_back("connect");
        step_ = take_step(device_.connects);
        return begin(completion, [this, &fault] { fail(fault); });
    }
    bool start_read(const std::uint32_t* due, std::uint32_t count, std::int64_t, abi::Columns& columns, abi::Fault& fault,
                    abi::Completion& completion) noexcept override {
        const std::span<const ItemId> items(due, count);
        device_.log.emplace_back("read");
        device_.read_log.push_back({device_.strand.now().monotonic, {items.begin(), items.end()}});
        step_ = take_step(device_.reads, device_.default_read);
        return begin(completion, [this, items, &columns, &fault] {
            if (fail(fault)) return;
            batch_.clear();
            if (device_.answer)
                device_.answer(items, batch_);
            else
                for (const auto item : items) batch_.add(item, device_.values[item]);
            columns = batch_.columns();
        });
    }
    bool start_write(const abi::WriteItem& write, std::int64_t, abi::WriteReply& reply,
                     abi::Completion& completion) noexcept override {
        const auto value = value_of(write.value);
        device_.log.push_back("write " + std::to_string(write.item) + "=" + value->text());
        step_ = take_step(device_.writes);
        const auto item = write.item;
        const auto word = static_cast<std::int64_t>(write.value.word);
        return begin(completion, [this, item, word, &reply] {
            reply.outcome = step_.outcome;
            reply.is_link_broken = step_.is_link_broken ? 1 : 0;
            if (fail(reply.reason)) reply.outcome = step_.outcome == abi::Outcome::done ? abi::Outcome::unknown : step_.outcome;
            if (reply.outcome == abi::Outcome::done) device_.values[item] = word;
        });
    }
    void disconnect() noexcept override {
        device_.log.emplace_back("disconnect");
        drop();
    }

    bool begin(abi::Completion& completion, std::function<void()> finish) {
        completion_ = &completion;
        finish_ = std::move(finish);
        if (!step_.ends) return false;
        if (step_.takes == Duration::zero()) {
            std::exchange(finish_, nullptr)();
            return true;
        }
        timer_.start(device_.strand.now().monotonic + step_.takes);
        return false;
    }
    void end() {
        std::exchange(finish_, nullptr)();
        abi::IoResult result;
        result.code = static_cast<std::int32_t>(step_.code);
        completion_->complete(result);
    }
    bool fail(abi::Fault& fault) {
        if (step_.code == ErrorCode{}) return false;
        fault.set(static_cast<std::int32_t>(step_.code), step_.sentence, true);
        return true;
    }
    void drop() {
        timer_.cancel();
        finish_ = nullptr;
    }
    static std::uint32_t copy(const std::string& text, char* into, std::uint32_t capacity) {
        return static_cast<std::uint32_t>(text.copy(into, capacity));
    }

    FakeDevice& device_;
    base::CallbackTimer timer_;
    std::shared_ptr<int> alive_ = std::make_shared<int>();
    SampleBatch batch_;
    Step step_;
    abi::Completion* completion_ = nullptr;
    std::function<void()> finish_;
};

class FakeInstance final : public DriverInstance {
public:
    explicit FakeInstance(FakeDevice& device) : driver_(new FakeDriver(device)) {}
    ~FakeInstance() override { driver_->release(); }
    abi::DriverGuest& guest() noexcept override { return *driver_; }
    void stop_io() noexcept override { driver_->cancel(); }

private:
    FakeDriver* driver_;
};

}  // namespace

DriverFactory FakeDevice::factory() {
    return [this]() -> Result<std::unique_ptr<DriverInstance>> {
        ++births;
        if (birth_fault) return std::unexpected(*birth_fault);
        return std::make_unique<FakeInstance>(*this);
    };
}

void RememberingSink::publish(const abi::Columns& columns, Now received) noexcept {
    for (std::uint32_t row = 0; row < columns.count; ++row) {
        const auto cause = status_cause(columns.status[row]);
        rows.push_back({columns.item[row], columns.status[row], columns.word[row],
                        cause == 0 ? std::string() : std::string(columns.causes[cause - 1].view()), received});
    }
}

void RememberingSink::all_bad(QualityCode quality, std::string_view cause, Now now) noexcept {
    bads.push_back({quality, std::string(cause), now});
}

const RememberingSink::Row* RememberingSink::last(ItemId item) const {
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        if (row->item == item) return &*row;
    }
    return nullptr;
}

bool RememberingSink::is_good(ItemId item) const {
    const auto* row = last(item);
    if (row == nullptr || !penstock::is_good(status_quality(row->status))) return false;
    return bads.empty() || bads.back().at.monotonic < row->received.monotonic;
}

DeviceConfig device_config(std::size_t items, Duration period) {
    DeviceConfig config;
    config.name = "plc1";
    config.driver = "driver.fake";
    config.endpoint = "10.0.0.5:502";
    config.scan_classes = {{"fast", period}};
    config.items.assign(items, DeviceItem{"address", 0, ValueType::int64});
    return config;
}

}  // namespace penstock::guests::test
