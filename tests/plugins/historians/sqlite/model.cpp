#include "tests/plugins/historians/sqlite/model.hpp"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <utility>

namespace penstock::sqlite::testing {
namespace {

bool has_value(StatusWord quality) { return !is_bad(status_quality(quality)); }

}  // namespace

bool Collector::take(const SampleView& samples) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
        Row row;
        row.time = samples.time[i];
        row.quality = status_word(status_quality(samples.status[i]));
        row.cause = samples.cause_at(i);
        if (is_scalar_word(type_))
            row.word = samples.word[i];
        else if (has_value(row.quality))
            row.text = samples.blob_at(i);
        rows.push_back(std::move(row));
        if (rows.size() == most_) return false;
    }
    return true;
}

void OwnedColumns::add(const Row& row, ValueType type) {
    time_.push_back(row.time);
    std::uint16_t cause = 0;
    if (!row.cause.empty()) {
        const auto found = std::ranges::find(causes_, row.cause);
        cause = static_cast<std::uint16_t>(found - causes_.begin() + 1);
        if (found == causes_.end()) causes_.push_back(row.cause);
    }
    status_.push_back(status_word(status_quality(row.quality), cause));
    if (is_scalar_word(type) || !has_value(row.quality)) {
        word_.push_back(row.word);
    } else {
        word_.push_back(std::uint64_t{blob_.size()} << 32U | row.text.size());
        blob_ += row.text;
    }
}

SampleView OwnedColumns::view() {
    views_.assign(causes_.begin(), causes_.end());
    return {time_, status_, word_, blob_, views_};
}

std::vector<Row> expected(const std::vector<Row>& arrived, const SampleRange& range) {
    std::multimap<std::int64_t, const Row*> in_order;  // equal keys stay as they came
    for (const auto& row : arrived)
        if (row.time >= range.from && row.time < range.to) in_order.emplace(row.time, &row);
    std::vector<Row> rows;
    for (const auto& [time, row] : in_order) rows.push_back(*row);
    if (range.newest_first) std::ranges::reverse(rows);
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(range.skip, rows.size())));
    return rows;
}

std::string difference(const std::vector<Row>& found, const std::vector<Row>& wanted) {
    const auto text = [](const std::vector<Row>& rows, std::size_t at) {
        if (at >= rows.size()) return "the end at " + std::to_string(at);
        const auto& row = rows[at];
        return std::to_string(row.time) + ' ' + std::to_string(row.quality) + ' ' + row.cause + ' ' + std::to_string(row.word)
               + ' ' + row.text;
    };
    for (std::size_t i = 0; i < std::max(found.size(), wanted.size()); ++i)
        if (i >= found.size() || i >= wanted.size() || !(found[i] == wanted[i]))
            return "row " + std::to_string(i) + ": found " + text(found, i) + "; wanted " + text(wanted, i);
    return "";
}

RandomSignal::RandomSignal(std::uint64_t seed, ValueType type) : random_(seed), type_(type) {
    constexpr std::array<std::int64_t, 5> quanta = {1, 1'000, 1'000'000, 7'000'000, 1'000'000'000};
    quantum_ = quanta[number(quanta.size())];
    time_ = 1'700'000'000'000'000'000 + static_cast<std::int64_t>(number(1'000'000'000));
    pace_ = static_cast<std::int64_t>(number(1000)) + 1;
    jitter_ = static_cast<std::int64_t>(number(6));
    kind_ = static_cast<unsigned>(number(8));
    bad_percent_ = static_cast<unsigned>(number(3) * number(20));
    late_percent_ = static_cast<unsigned>(number(3) == 0 ? number(10) : 0);
    wild_percent_ = static_cast<unsigned>(number(20) == 0 ? 2 : 0);
}

std::uint64_t RandomSignal::next_word() {
    constexpr std::array special = {0.0, -0.0, 1.0, 9007199254740993.0, 5e-324, -1e308, 0.1};
    switch (kind_) {
        case 0: break;  // constant
        case 1: word_ = type_ == ValueType::float64 ? word_of(static_cast<double>(++level_)) : word_ + 7; break;
        case 2:
            level_ += static_cast<std::int64_t>(number(11)) - 5;
            word_ =
                type_ == ValueType::float64 ? word_of(static_cast<double>(level_) * 0.01) : static_cast<std::uint64_t>(level_);
            break;
        case 3: word_ = random_(); break;  // NaN payloads among them
        case 4:
            if (number(50) == 0)
                word_ = type_ == ValueType::float64 ? word_of(static_cast<double>(number(1000)) / 10) : number(1000);
            break;
        case 5: word_ = word_of(special[number(special.size())]); break;
        case 6: word_ = word_of(static_cast<double>(static_cast<float>(number(100'000)) * 0.37F)); break;
        default:
            word_ = word_of(static_cast<double>(number(27'649)) * (6.0 / 27'648) - 0.5);
            if (number(100) == 0) word_ = word_of(std::numeric_limits<double>::quiet_NaN());
    }
    return type_ == ValueType::boolean ? word_ & 1U : word_;
}

std::string RandomSignal::next_text() {
    if (kind_ % 2 == 0) return "state " + std::to_string(number(4));
    return std::string(number(200), static_cast<char>('a' + number(26)));
}

Row RandomSignal::next() {
    Row row;
    time_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(time_) + static_cast<std::uint64_t>(pace_ * quantum_));
    row.time = time_ + (jitter_ == 0 ? 0 : static_cast<std::int64_t>(number(static_cast<std::uint64_t>(jitter_))) * quantum_);
    if (number(100) < late_percent_) row.time -= static_cast<std::int64_t>(number(3000)) * pace_ * quantum_;
    if (number(100) < wild_percent_) row.time = static_cast<std::int64_t>(random_());
    if (number(100) < bad_percent_) {
        row.quality = status_word(number(2) == 0 ? QualityCode::bad_timeout : QualityCode::bad_no_communication);
        if (number(2) == 0) row.cause = "the link was down " + std::to_string(number(3));
        return row;
    }
    if (number(100) == 0) row.quality = status_word(QualityCode::uncertain_last_usable);
    if (is_scalar_word(type_))
        row.word = next_word();
    else
        row.text = next_text();
    return row;
}

TemporaryFolder::TemporaryFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "penstock-archive-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}
TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace penstock::sqlite::testing
