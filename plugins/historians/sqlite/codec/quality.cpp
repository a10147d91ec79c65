#include "quality.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace penstock::sqlite {
namespace {

void encode_status(StatusWord status, ByteWriter& out) {
    out.varint(status >> 16U);
    out.varint(status_cause(status));
}

StatusWord decode_status(ByteReader& in, std::size_t causes) noexcept {
    const auto code = in.varint();
    const auto cause = in.varint();
    if (code > 0xFFFF || cause > causes || cause > 0xFFFF) in.fail();
    return static_cast<StatusWord>(code << 16U | cause);
}

std::size_t run_length(std::span<const StatusWord> status) noexcept {
    return static_cast<std::size_t>(std::ranges::find_if(status, [&](auto word) { return word != status[0]; })
                                    - status.begin());
}

// Each once, in order. There are few of them and long runs, so that the runs are looked at and not the rows.
std::vector<StatusWord> kinds_of(std::span<const StatusWord> status) {
    std::vector<StatusWord> kinds;
    for (; !status.empty(); status = status.subspan(run_length(status))) {
        const auto at = std::ranges::lower_bound(kinds, status[0]);
        if (at == kinds.end() || *at != status[0]) kinds.insert(at, status[0]);
    }
    return kinds;
}

}  // namespace

QualityMode encode_quality(std::span<const StatusWord> status, ByteWriter& out) {
    if (run_length(status) == status.size()) {
        if (status[0] == 0) return QualityMode::all_good;
        encode_status(status[0], out);
        return QualityMode::same;
    }
    const auto kinds = kinds_of(status);
    out.varint(kinds.size());
    for (const auto kind : kinds) encode_status(kind, out);
    while (!status.empty()) {
        const auto length = run_length(status);
        const auto kind = static_cast<std::size_t>(std::ranges::lower_bound(kinds, status[0]) - kinds.begin());
        out.varint((length - 1) * kinds.size() + kind);
        status = status.subspan(length);
    }
    return QualityMode::runs;
}

std::size_t decode_quality(ByteReader& in, QualityMode mode, std::size_t causes, std::size_t count, StatusWord* into) noexcept {
    if (mode != QualityMode::runs) {
        const auto status = mode == QualityMode::all_good ? StatusWord{0} : decode_status(in, causes);
        std::fill_n(into, count, status);
        return has_value(status) ? count : 0;
    }
    std::array<StatusWord, kMostRows> kinds;
    const auto kind_count = in.varint();
    if (kind_count == 0 || kind_count > count) {
        in.fail();
        return 0;
    }
    for (std::size_t i = 0; i < kind_count; ++i) kinds[i] = decode_status(in, causes);
    std::size_t valued = 0;
    for (std::size_t row = 0; row < count;) {
        const auto run = in.varint();
        const auto more = run / kind_count;
        if (more >= count - row) in.fail();
        if (in.failed()) return 0;
        const auto status = kinds[run % kind_count];
        std::fill_n(into + row, more + 1, status);
        valued += has_value(status) ? more + 1 : 0;
        row += more + 1;
    }
    return valued;
}

}  // namespace penstock::sqlite
