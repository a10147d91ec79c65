#include <penstock/testing/driver_rig.hpp>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <penstock/plain_value.hpp>

namespace penstock::testing {
namespace {

std::string blob_of(const abi::Columns& columns, std::uint32_t row) {
    const auto offset = columns.word[row] >> 32U;
    const auto length = columns.word[row] & 0xFFFFFFFFU;
    if (offset + length > columns.blob.size) throw std::runtime_error("the driver's column points outside of its blob");
    return std::string(columns.blob.view().substr(offset, length));
}

Value value_at(const abi::Columns& columns, std::uint32_t row, ValueType type) {
    if (is_scalar_word(type)) return Value::from_word(type, columns.word[row]);
    return Value::from_blob(type, blob_of(columns, row)).value();
}

}  // namespace

// What the host holds of one driver.
struct DriverRig::State final : public abi::Completion {
    State(ScriptedNetwork& the_network, std::string_view json, Duration the_patience)
        : network(the_network), io(the_network), settings(json), patience(the_patience) {}

    void complete(const abi::IoResult& result) noexcept override {
        has_ended = true;
        is_code_repeated = result.code == current().code;
    }

    // The fault of the call under way, or of the last.
    [[nodiscard]] const abi::Fault& current() const noexcept { return is_write ? reply.reason : fault; }

    abi::PollingGuest& begin(bool writes) {
        fault = abi::Fault();
        reply = abi::WriteReply();
        columns = abi::Columns();
        is_write = writes;
        has_ended = false;
        auto* const polling = guest->polling() != nullptr ? guest->polling() : guest->blocking();
        if (polling == nullptr) throw std::runtime_error("the driver neither polls nor blocks");
        return *polling;
    }
    [[nodiscard]] std::int64_t deadline() const { return to_ns(network.now() + patience); }

    CallResult run() {
        network.run_until([this] { return has_ended; }, patience);
        if (!is_code_repeated) throw std::runtime_error("the completion's code is not that of the fault");
        CallResult result;
        result.has_ended = has_ended;
        result.fault = current();
        return result;
    }

    void decode(ReadResult& result) const {
        for (std::uint32_t row = 0; row < columns.count; ++row) {
            Reading reading;
            reading.item = columns.item[row];
            reading.quality = status_quality(columns.status[row]);
            const auto cause = status_cause(columns.status[row]);
            if (cause > columns.cause_count) throw std::runtime_error("the driver's column names a cause that is not there");
            if (cause != 0) reading.cause = columns.causes[cause - 1].view();
            if (columns.time != nullptr) reading.source_time_ns = columns.time[row];
            if (reading.item >= types.size()) throw std::runtime_error("the driver delivered an item that does not exist");
            if (!is_bad(reading.quality)) reading.value = value_at(columns, row, types[reading.item]);
            result.values.push_back(std::move(reading));
        }
    }

    ScriptedNetwork& network;
    ScriptedIo io;
    JsonSettings settings;
    Duration patience;
    abi::DriverGuest* guest = nullptr;
    std::vector<ValueType> types;
    std::vector<ItemId> due;
    std::string blob;
    abi::Fault fault;
    abi::WriteReply reply;
    abi::Columns columns{};
    bool is_write = false;
    bool has_ended = true;
    bool is_code_repeated = true;
};

const Reading* ReadResult::find(ItemId item) const noexcept {
    const auto found =
        std::find_if(values.rbegin(), values.rend(), [item](const auto& reading) { return reading.item == item; });
    return found == values.rend() ? nullptr : &*found;
}

DriverRig::DriverRig(ScriptedNetwork& network, Factory factory, std::string_view settings_json, Duration patience)
    : state_(std::make_unique<State>(network, settings_json, patience)) {
    const abi::Birth birth{.interface_version = abi::kDriverInterface,
                           .reserved = 0,
                           .io = &state_->io,
                           .settings = state_->settings.node(),
                           .instance = abi::text("device")};
    abi::Fault fault;
    state_->guest = static_cast<abi::DriverGuest*>(factory(birth, fault));
    if (state_->guest == nullptr) throw std::runtime_error(std::string(fault.sentence()));
}

DriverRig::DriverRig(DriverRig&&) noexcept = default;

DriverRig::~DriverRig() {
    if (state_) abandon();
}

void DriverRig::abandon() {
    if (state_->guest == nullptr) return;
    state_->guest->abandon();
    std::exchange(state_->guest, nullptr)->release();
}

CallResult DriverRig::parse(std::string_view address, abi::ItemInfo& info) {
    CallResult result;
    result.has_ended = true;
    const bool is_good = state_->guest->parse(abi::text(address), info, result.fault);
    if (is_good == result.fault.failed()) throw std::runtime_error("parse() and its fault contradict each other");
    return result;
}

CallResult DriverRig::set_items(const std::vector<std::string>& addresses) {
    CallResult result;
    result.has_ended = true;
    std::vector<abi::ItemAddress> items;
    state_->types.clear();
    state_->due.resize(addresses.size());
    std::iota(state_->due.begin(), state_->due.end(), 0U);
    for (const auto& address : addresses) {
        abi::ItemInfo info;
        if (!state_->guest->parse(abi::text(address), info, result.fault)) return result;
        state_->types.push_back(static_cast<ValueType>(info.type));
        items.push_back({static_cast<std::uint32_t>(items.size()), 0, abi::text(address)});
    }
    state_->guest->set_items(items.data(), static_cast<std::uint32_t>(items.size()), result.fault);
    return result;
}

void DriverRig::start_connect() {
    auto& guest = state_->begin(false);
    const bool has_ended = guest.start_connect(state_->deadline(), state_->fault, *state_);
    state_->has_ended = state_->has_ended || has_ended;
}

void DriverRig::start_read() {
    auto& guest = state_->begin(false);
    const bool has_ended = guest.start_read(state_->due.data(), static_cast<std::uint32_t>(state_->due.size()),
                                            state_->deadline(), state_->columns, state_->fault, *state_);
    state_->has_ended = state_->has_ended || has_ended;
}

void DriverRig::start_write(ItemId item, const Value& value) {
    auto& guest = state_->begin(true);
    const abi::WriteItem write{item, 0, plain_view(value, state_->blob)};
    const bool has_ended = guest.start_write(write, state_->deadline(), state_->reply, *state_);
    state_->has_ended = state_->has_ended || has_ended;
}

CallResult DriverRig::run() { return state_->run(); }
bool DriverRig::has_ended() const noexcept { return state_->has_ended; }

CallResult DriverRig::connect() {
    start_connect();
    return run();
}

ReadResult DriverRig::read() {
    start_read();
    ReadResult result;
    static_cast<CallResult&>(result) = run();
    if (result.ok()) state_->decode(result);
    return result;
}

ReadResult DriverRig::read(const std::vector<ItemId>& due) {
    const auto all = std::exchange(state_->due, due);
    auto result = read();
    state_->due = all;
    return result;
}

WriteResultOfDriver DriverRig::write(ItemId item, const Value& value) {
    start_write(item, value);
    WriteResultOfDriver result;
    static_cast<CallResult&>(result) = run();
    result.outcome = state_->reply.outcome;
    result.is_link_broken = state_->reply.is_link_broken != 0;
    return result;
}

void DriverRig::disconnect() {
    auto* const polling = state_->guest->polling() != nullptr ? state_->guest->polling() : state_->guest->blocking();
    polling->disconnect();
    state_->has_ended = true;
}

std::string DriverRig::last_request(ItemId item) {
    char text[1000];
    return {text, state_->guest->last_request(item, text, sizeof text)};
}

std::string DriverRig::last_answer(ItemId item) {
    char text[1000];
    return {text, state_->guest->last_answer(item, text, sizeof text)};
}

ScriptedIo& DriverRig::io() noexcept { return state_->io; }
ScriptedNetwork& DriverRig::network() noexcept { return state_->network; }
abi::DriverGuest& DriverRig::guest() noexcept { return *state_->guest; }

}  // namespace penstock::testing
