#include "driver.hpp"

#include <algorithm>

#include "registers.hpp"

namespace penstock::modbus {
namespace {

constexpr std::size_t kMaxPlans = 16;

// The device may have more behind these: its address space, or the size of the request (V1.1b3, 7).
bool is_about_addresses(std::uint8_t exception) { return exception == 2 || exception == 3; }

QualityCode quality_of(std::uint8_t exception) {
    switch (exception) {
        case 1:
        case 2:
        case 3: return QualityCode::bad_not_found;
        case 10: return QualityCode::bad_no_communication;
        case 11: return QualityCode::bad_timeout;
        default: return QualityCode::bad_device_failure;
    }
}

std::string cause_of(std::uint8_t exception, const Address& address) {
    std::string cause(exception_text(exception));
    if (is_about_addresses(exception))
        cause += ' ' + std::to_string(address.start);
    else
        cause += " (exception " + std::to_string(exception) + ')';
    return cause;
}

}  // namespace

ModbusDriver::ModbusDriver(Settings settings, Io io)
    : PollingDriver(io),
      options_(settings),
      connection_(io, options_.endpoint),
      map_(options_.max_registers, options_.max_bits) {}

Result<ParsedAddress<Address>> ModbusDriver::parse_address(std::string_view text) const {
    auto parsed = modbus::parse_address(text);
    if (!parsed) return parsed;
    auto& address = parsed->address;
    if (!address.has_unit) address.unit = options_.unit;
    const auto most = is_bits(address.table) ? options_.max_bits : options_.max_registers;
    if (address.width > most)
        return fail(ErrorCode::invalid_argument, "the value is " + std::to_string(address.width)
                                                     + " wide; this device gives at most " + std::to_string(most) + " at once");
    return parsed;
}

void ModbusDriver::items_changed() {
    map_.clear();
    plans_.clear();
    silent_units_.clear();
    traces_.assign(items().size(), Trace{});
    units_.clear();
    for (const auto& item : items()) units_.push_back(item.address.unit);
    std::ranges::sort(units_);
    units_.erase(std::ranges::unique(units_).begin(), units_.end());
}

Task<void> ModbusDriver::connect() {
    const auto deadline = io().in(options_.timeout);
    co_await connection_.open(deadline);
}

void ModbusDriver::disconnect() noexcept { connection_.close(); }

const ReadPlan& ModbusDriver::plan_for(std::span<const ItemId> due) {
    const auto now = io().now();
    map_.expire(now);
    const auto known =
        std::ranges::find_if(plans_, [&](const CachedPlan& cached) { return std::ranges::equal(cached.due, due); });
    if (known != plans_.end() && known->version == map_.version()) return known->plan;
    auto& slot = known != plans_.end()       ? *known
                 : plans_.size() < kMaxPlans ? plans_.emplace_back()
                                             : plans_[oldest_plan_++ % kMaxPlans];
    slot.due.assign(due.begin(), due.end());
    slot.version = map_.version();
    slot.plan = make_plan(due, items(), map_, options_.max_gap, now);
    return slot.plan;
}

Task<void> ModbusDriver::read(std::span<const ItemId> due, SampleBatch& out) {
    // What this read teaches changes the next plan; this one stays as it is, since calls never overlap.
    const auto& plan = plan_for(due);
    for (const auto id : plan.refused) {
        const auto exception = map_.refusal(id, io().now());
        out.add_bad(id, quality_of(exception), cause_of(exception, item(id).address));
    }
    for (const auto& group : plan.groups) {
        if (is_silent(group.space.unit)) {
            add_bad(plan, group, QualityCode::bad_timeout, silent_units_.at(group.space.unit).cause, out);
            continue;
        }
        std::optional<Error> silence;
        try {
            co_await read_group(plan, group, out);
        } catch (const LinkError& error) {
            if (error.code() != ErrorCode::timeout) {
                trace(plan, group, Trace::Result::link);
                throw;
            }
            silence = error.error();
        }
        if (!silence) continue;
        trace(plan, group, Trace::Result::timeout);
        note_silence(group.space.unit, *silence);
        throw_if_all_silent(*silence);
        add_bad(plan, group, QualityCode::bad_timeout, silent_units_.at(group.space.unit).cause, out);
    }
}

Task<bool> ModbusDriver::read_group(const ReadPlan& plan, ReadGroup group, SampleBatch& out) {
    const auto answer = co_await ask(group);
    if (answer.kind == Answer::Kind::data) {
        map_.worked(group.space, group.count);
        trace(plan, group, Trace::Result::data);
        for (auto i = group.first_item; i < group.first_item + group.item_count; ++i)
            decode(item(plan.items[i]), group.start, answer.data, out);
        co_return true;
    }
    if (answer.kind == Answer::Kind::implausible) {
        trace(plan, group, Trace::Result::implausible);
        add_bad(plan, group, QualityCode::bad_decoding, answer.sentence, out);
        co_return false;
    }
    trace(plan, group, Trace::Result::exception, answer.exception);
    if (is_about_addresses(answer.exception)) {
        const bool all_read = co_await split_group(plan, group, answer.exception, out);
        co_return all_read;
    }
    for (auto i = group.first_item; i < group.first_item + group.item_count; ++i)
        out.add_bad(plan.items[i], quality_of(answer.exception), cause_of(answer.exception, item(plan.items[i]).address));
    co_return false;
}

// Halves what was refused until the refused items stand alone; the others are read on the way.
Task<bool> ModbusDriver::split_group(const ReadPlan& plan, ReadGroup group, std::uint8_t exception, SampleBatch& out) {
    if (group.item_count == 1) {
        refuse_item(plan.items[group.first_item], exception, out);
        co_return false;
    }
    const auto half = group.item_count / 2;
    const auto left = group_of(plan, items(), group.first_item, half);
    const auto right = group_of(plan, items(), group.first_item + half, group.item_count - half);
    const bool left_read = co_await read_group(plan, left, out);
    const bool right_read = co_await read_group(plan, right, out);
    if (!left_read || !right_read) co_return false;
    learn_from_split(group, left, right, exception);
    co_return true;
}

// Both halves can be read, together they cannot: either the whole was too large, or the gap between them is a hole.
void ModbusDriver::learn_from_split(const ReadGroup& whole, const ReadGroup& left, const ReadGroup& right,
                                    std::uint8_t exception) {
    const std::uint32_t left_end = std::uint32_t{left.start} + left.count;
    const bool has_gap = right.start > left_end;
    if (has_gap && exception == 2)
        map_.add_barrier(whole.space, left_end);
    else
        map_.refused_for_size(whole.space, whole.count);
}

// The data stays valid until the next request.
Task<Answer> ModbusDriver::ask(ReadGroup group) {
    for (std::uint32_t attempt = 0;; ++attempt) {
        try {
            const auto frame = make_read(connection_.next_transaction(), group.space.unit, read_function(group.space.table),
                                         group.start, group.count);
            const auto deadline = io().in(options_.timeout);
            const auto answer = co_await connection_.exchange(frame, deadline);
            co_return answer;
        } catch (const LinkError& error) {
            if (error.code() != ErrorCode::timeout) throw;
            if (attempt >= options_.retries) throw LinkError(no_answer());
        }
    }
}

// The stream's own sentence counts from the last bytes on; this one says what the device's file says.
Error ModbusDriver::no_answer() const {
    std::string sentence = "no answer within " + std::to_string(options_.timeout / 1ms) + " ms";
    if (options_.retries > 0) sentence += ", asked " + std::to_string(options_.retries + 1) + " times";
    return Error(ErrorCode::timeout, std::move(sentence), options_.endpoint, true);
}

void ModbusDriver::refuse_item(ItemId id, std::uint8_t exception, SampleBatch& out) {
    map_.refuse(id, exception, io().now() + options_.hole_retry);
    out.add_bad(id, quality_of(exception), cause_of(exception, item(id).address));
}

void ModbusDriver::add_bad(const ReadPlan& plan, const ReadGroup& group, QualityCode quality, std::string_view cause,
                           SampleBatch& out) {
    for (auto i = group.first_item; i < group.first_item + group.item_count; ++i) out.add_bad(plan.items[i], quality, cause);
}

}  // namespace penstock::modbus
