#include "core/wire/latest_update.hpp"

#include <unordered_map>
#include <utility>

#include "core/wire/codec.hpp"

namespace penstock::wire {
namespace {

// Differences wrap: the decoder adds with the same wrap, so every pair of times survives.
std::int64_t wrapped_difference(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t wrapped_sum(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// Not through the middle of a character.
std::string_view cut(std::string_view text) noexcept {
    if (text.size() <= kMaxCauseBytes) return text;
    auto size = kMaxCauseBytes;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    return text.substr(0, size);
}

void put_causes(Writer& out, const std::vector<std::string>& causes) {
    std::vector<std::string_view> texts;
    std::unordered_map<std::string_view, std::uint64_t> number;
    for (const auto& cause : causes) {
        if (!cause.empty() && number.try_emplace(cause, texts.size() + 1).second) texts.push_back(cause);
    }
    out.varint(texts.size());
    for (const auto text : texts) out.text(cut(text));
    if (texts.empty()) return;
    for (const auto& cause : causes) out.varint(cause.empty() ? 0 : number.at(cause));
}

void get_causes(Reader& in, std::size_t rows, std::vector<std::string>& causes) {
    in.set_field("cause");
    std::vector<std::string_view> texts(in.count());
    for (auto& text : texts) {
        text = in.text();
        if (text.size() > kMaxCauseBytes) in.fail("a cause has " + std::to_string(text.size()) + " bytes");
    }
    causes.assign(rows, {});
    if (texts.empty()) return;
    std::size_t expanded = 0;
    for (std::size_t row = 0; row < rows && in.ok(); ++row) {
        const auto number = static_cast<std::size_t>(in.varint(texts.size()));
        if (number == 0) continue;
        expanded += texts[number - 1].size();
        if (expanded > kMaxExpandedCauseBytes) return in.fail("the causes of all rows have more than 8 MiB");
        causes[row] = texts[number - 1];
    }
}

}  // namespace

void encode_update(const LatestUpdate& update, Buffer& buffer) {
    Writer out(buffer);
    out.varint(update.index.size());
    std::uint32_t last_index = 0;
    for (const auto index : update.index) out.zigzag(std::int64_t{index} - std::exchange(last_index, index));
    for (const auto& value : update.value) put_value(out, value);
    for (const auto quality : update.quality) out.varint(static_cast<std::uint16_t>(quality));
    std::int64_t last_time = 0;
    for (const auto time : update.time) out.zigzag(wrapped_difference(time, std::exchange(last_time, time)));
    put_causes(out, update.cause);
}

Result<void> decode_update(Bytes bytes, LatestUpdate& update) {
    Reader in(bytes);
    constexpr std::size_t least_bytes_per_row = 4;  // index, type, quality, time
    in.set_field("index");
    const auto rows = in.count(least_bytes_per_row);
    if (rows > kMaxUpdateRows) in.fail("an update of " + std::to_string(rows) + " rows, wanted at most 65536");
    if (!in.ok()) return std::unexpected(in.error());
    update.index.resize(rows);
    update.value.resize(rows);
    update.quality.resize(rows);
    update.time.resize(rows);
    std::int64_t index = 0;
    for (auto& each : update.index) {
        index = wrapped_sum(index, in.zigzag());
        if (index < 0 || index > std::numeric_limits<std::uint32_t>::max()) {
            in.fail("the index " + std::to_string(index) + " is out of range");
            index = 0;
        }
        each = static_cast<std::uint32_t>(index);
    }
    in.set_field("value");
    for (auto& each : update.value) get_value(in, each);
    in.set_field("quality");
    for (auto& each : update.quality) each = static_cast<QualityCode>(in.varint(0xFFFF));
    in.set_field("time");
    std::int64_t time = 0;
    for (auto& each : update.time) each = time = wrapped_sum(time, in.zigzag());
    get_causes(in, rows, update.cause);
    if (!in.ok()) return std::unexpected(in.error());
    return {};
}

}  // namespace penstock::wire
