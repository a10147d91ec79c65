// Row P6: any bytes as the reply to any request: the parser never reads outside them, believes only what answers the request, and
// what it believes can be decoded as every type that fits.
//
// The input: function, start and count of the request (5 bytes), then the stream that comes back, header first.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "plugins/drivers/modbus/protocol.hpp"
#include "plugins/drivers/modbus/registers.hpp"

namespace {

using namespace penstock;
using namespace penstock::modbus;

constexpr std::size_t kRequestBytes = 5;

struct Asked {
    Table table;
    std::uint16_t start;
    std::uint16_t count;
};

Asked asked_by(std::span<const std::byte> bytes) {
    const auto number = [&](std::size_t at) {
        return std::to_integer<unsigned>(bytes[at]) << 8U | std::to_integer<unsigned>(bytes[at + 1]);
    };
    const auto table = static_cast<Table>(std::to_integer<unsigned>(bytes[0]) % 4);
    const unsigned most = is_bits(table) ? kMaxReadBits : kMaxReadRegisters;
    return {table, static_cast<std::uint16_t>(number(1)), static_cast<std::uint16_t>(1 + number(3) % most)};
}

void require(bool is_so) {
    if (!is_so) std::abort();
}

// Each type at the first and the last place where it fits.
void decode_all(const Asked& asked, std::span<const std::byte> data) {
    static const std::string types[] = {"",         ":int16",   ":uint32:cdab", ":int64:dcba", ":float32:badc",
                                        ":float64", ":string7", ":uint16[3]"};
    SampleBatch batch;
    std::size_t decoded = 0;
    for (const auto& type : types) {
        if (is_bits(asked.table) && !type.empty()) break;
        for (const bool is_last : {false, true}) {
            const auto prefix = std::string(to_string(asked.table)) + ':';
            const auto probe = parse_address(prefix + '0' + type);
            require(probe.has_value());
            const auto width = probe->address.width;
            if (width > asked.count) continue;
            auto address = probe->address;
            address.start = static_cast<std::uint16_t>(asked.start + (is_last ? asked.count - width : 0));
            if (std::uint32_t{asked.start} + asked.count > 65'536) continue;  // no plan reaches beyond the table
            const Item<Address> item(static_cast<ItemId>(decoded++), probe->type, address);
            decode(item, asked.start, data, batch);
        }
    }
    require(batch.size() == decoded);
}

void judge(const Frame& request, const Asked& asked, std::span<const std::byte> pdu) {
    const auto reply = parse_reply(request, pdu);
    if (!reply) return require(!reply.error().sentence().empty());
    if (reply->exception != 0) return require(reply->data.empty() && pdu.size() == 2);
    require(reply->data.size() == (is_bits(asked.table) ? (asked.count + 7U) / 8U : asked.count * 2U));
    require(reply->data.data() + reply->data.size() == pdu.data() + pdu.size());
    decode_all(asked, reply->data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
    if (bytes.size() < kRequestBytes) return 0;
    const auto asked = asked_by(bytes);
    const auto request = make_read(1, 1, read_function(asked.table), asked.start, asked.count);
    const auto stream = bytes.subspan(kRequestBytes);
    judge(request, asked, stream);  // as a PDU, which a fuzzer finds sooner than a header before it
    judge(make_write_register(1, 1, asked.start, asked.count), asked, stream.first(std::min<std::size_t>(stream.size(), 2)));
    if (stream.size() < kHeaderBytes) return 0;
    const auto header = parse_header(stream.first<kHeaderBytes>());
    if (!header) {
        require(!header.error().sentence().empty());
        return 0;
    }
    require(header->pdu_bytes >= 1 && header->pdu_bytes <= kMaxPduBytes);
    const auto rest = stream.subspan(kHeaderBytes);
    if (rest.size() >= header->pdu_bytes) judge(request, asked, rest.first(header->pdu_bytes));
    return 0;
}
