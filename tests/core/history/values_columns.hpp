#pragma once

// Columns that own their samples, for tests of values records.

#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/history/values_record.hpp"

namespace penstock::history_test {

struct Row {
    std::int64_t time = 0;
    QualityCode quality = QualityCode::good;
    std::string cause;
    std::uint64_t word = 0;  // of blobs: 0
    std::string blob;
    bool operator==(const Row&) const = default;
};
using Series = std::map<tags::TagId, std::vector<Row>>;  // in order of arrival

// Samples in the order of add(), and the same by tag.
class OwnedColumns {
public:
    void add(tags::TagId id, Row row, bool is_blob = false) {
        tag.push_back(id);
        time.push_back(row.time);
        status.push_back(status_word(row.quality, cause_number(row.cause)));
        word.push_back(is_blob ? std::uint64_t{blob.size()} << 32U | row.blob.size() : row.word);
        blob += row.blob;
        series[id].push_back(std::move(row));
    }
    [[nodiscard]] history::ValueColumns view() {
        causes.assign(texts_.begin(), texts_.end());
        return {tag, time, status, word, blob, causes};
    }

    std::vector<tags::TagId> tag;
    std::vector<std::int64_t> time;
    std::vector<StatusWord> status;
    std::vector<std::uint64_t> word;
    std::string blob;
    std::vector<std::string_view> causes;
    Series series;

private:
    std::uint16_t cause_number(const std::string& cause) {
        if (cause.empty()) return 0;
        for (std::size_t i = 0; i < texts_.size(); ++i) {
            if (texts_[i] == cause) return static_cast<std::uint16_t>(i + 1);
        }
        texts_.push_back(cause);
        return static_cast<std::uint16_t>(texts_.size());
    }
    std::vector<std::string> texts_;
};

// What a record gave back, in the same form. `blobs`: tags whose words are references.
template <class IsBlob>
[[nodiscard]] Series series_of(const history::DecodedValues& values, IsBlob is_blob) {
    Series series;
    for (const auto& run : values.runs()) {
        const auto rows = values.samples(run);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            Row row{rows.time[i], status_quality(rows.status[i]), std::string(rows.cause_at(i)), rows.word[i], {}};
            if (is_blob(run.series)) {
                row.blob = rows.blob_at(i);
                row.word = 0;
            }
            series[run.series].push_back(std::move(row));
        }
    }
    return series;
}
[[nodiscard]] inline Series series_of(const history::DecodedValues& values) {
    return series_of(values, [](SeriesId) { return false; });
}

}  // namespace penstock::history_test
