// What a values record says that a disk or a stranger made up: refused, or something that is encoded and read again alike.
#include <algorithm>
#include <cstdlib>

#include "core/history/values_record.hpp"

using namespace penstock;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto body = std::as_bytes(std::span(data, size));
    static history::DecodedValues values, again, one;
    const auto read = history::decode_values(body, values);
    if (!read) return 0;

    constexpr tags::TagId kMostTags = 100'000;
    const auto samples = values.samples();
    std::vector<tags::TagId> tags;
    for (const auto& run : values.runs()) tags.insert(tags.end(), run.count, run.series);
    if (tags.back() >= kMostTags) return 0;
    static history::ValuesEncoder encoder(kMostTags);
    const auto encoded = encoder.encode({tags, samples.time, samples.status, samples.word, samples.blob, samples.causes});
    if (!history::decode_values(encoded, again)) std::abort();
    const auto copy = again.samples();
    if (!std::ranges::equal(copy.time, samples.time) || !std::ranges::equal(copy.status, samples.status)
        || !std::ranges::equal(copy.word, samples.word) || copy.blob != samples.blob) {
        std::abort();
    }
    const auto& run = values.runs()[values.runs().size() / 2];
    const tags::TagId wanted[] = {run.series};
    if (!history::find_values(body, wanted, one)) std::abort();
    if (one.runs().size() != 1 || !std::ranges::equal(one.samples().word, values.samples(run).word)) std::abort();
    return 0;
}
