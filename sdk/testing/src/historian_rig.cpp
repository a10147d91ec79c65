#include <penstock/testing/historian_rig.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include <penstock/abi/plugin.hpp>

namespace penstock::testing {
namespace {

std::filesystem::path fresh_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "penstock-historian-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder: " + pattern);
    return pattern;
}

void expect_no_fault(const abi::Fault& fault, const char* call) {
    EXPECT_FALSE(fault.failed()) << call << ": " << fault.sentence();
}

// A batch as columns, and what they point into.
class Columns {
public:
    Columns(std::vector<SeriesRow> rows, const std::map<SeriesId, ValueType>& types) : rows_(std::move(rows)) {
        // Stable, so that the rows of a series stay in the order in which they came.
        std::vector<std::size_t> order(rows_.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(rows_[i].series, i); });
        for (const auto i : order) add(rows_[i], types.at(rows_[i].series));
        for (const auto& cause : causes_) cause_texts_.push_back(abi::text(cause));
    }

    [[nodiscard]] abi::BatchColumns batch(JournalPosition begin) const {
        return {.runs = runs_.data(),
                .run_count = runs_.size(),
                .samples = {.count = time_.size(),
                            .time = time_.data(),
                            .status = status_.data(),
                            .word = word_.data(),
                            .blob = abi::text(blob_),
                            .causes = cause_texts_.data(),
                            .cause_count = cause_texts_.size()},
                .begin = begin,
                .end = begin + 1};
    }

private:
    void add(const SeriesRow& entry, ValueType type) {
        if (runs_.empty() || runs_.back().series != entry.series) {
            runs_.push_back({entry.series, static_cast<std::uint32_t>(time_.size()), 0});
        }
        runs_.back().count += 1;
        const auto& row = entry.row;
        auto word = row.word;
        if (!is_scalar_word(type)) {
            word = row.bytes.empty() ? 0 : static_cast<std::uint64_t>(blob_.size()) << 32U | row.bytes.size();
            blob_ += row.bytes;
        }
        time_.push_back(row.time);
        status_.push_back(status_word(row.quality, cause(row.cause)));
        word_.push_back(word);
    }
    std::uint16_t cause(const std::string& text) {
        if (text.empty()) return 0;
        auto known = std::ranges::find(causes_, text);
        if (known == causes_.end()) known = causes_.insert(causes_.end(), text);
        return static_cast<std::uint16_t>(known - causes_.begin() + 1);
    }

    std::vector<SeriesRow> rows_;
    std::vector<SeriesRun> runs_;
    std::vector<std::int64_t> time_;
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
    std::string blob_;
    std::vector<std::string> causes_;
    std::vector<abi::Text> cause_texts_;
};

// Takes what a reader gives, at most so many rows.
class Collector final : public abi::SinkOfHost {
public:
    Collector(ValueType type, std::size_t most = SIZE_MAX) : uses_blob_(!is_scalar_word(type)), most_(most) {}

    bool take(const abi::SampleColumns& samples) noexcept override {
        EXPECT_FALSE(is_enough_) << "the reader goes on after the sink said that it has enough";
        const auto view = crossing_.to_view(samples);
        if (pieces_.empty() || pieces_.back().is_summary) pieces_.emplace_back();
        for (std::size_t i = 0; i < view.size(); ++i) {
            if (status_cause(view.status[i]) > view.causes.size()) {
                ADD_FAILURE() << "row " << i << " names a cause that is not there";
                return false;
            }
            HistoryRow row{.time = view.time[i],
                           .word = uses_blob_ ? 0 : view.word[i],
                           .bytes = uses_blob_ ? std::string(view.blob_at(i)) : std::string(),
                           .quality = status_quality(view.status[i]),
                           .cause = std::string(view.cause_at(i))};
            pieces_.back().rows.push_back(std::move(row));
        }
        rows_ += view.size();
        is_enough_ = rows_ >= most_;
        return !is_enough_;
    }
    bool take_summary(const abi::SummaryOfSamples& summary) noexcept override {
        pieces_.push_back({.is_summary = true, .summary = detail::to_summary(summary), .rows = {}});
        return true;
    }

    [[nodiscard]] HistoryRows rows() const {
        HistoryRows all;
        for (const auto& piece : pieces_) {
            EXPECT_FALSE(piece.is_summary) << "a summary where rows were asked for";
            all.insert(all.end(), piece.rows.begin(), piece.rows.end());
        }
        return all;
    }
    std::vector<SummaryPiece> pieces_;

private:
    bool uses_blob_;
    std::size_t most_, rows_ = 0;
    bool is_enough_ = false;
    detail::CrossingSamples crossing_;
};

// Of (time, arrival).
HistoryRows in_order(std::vector<const HistoryRow*> arrived) {
    std::vector<std::size_t> order(arrived.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(arrived[i]->time, i); });
    HistoryRows rows;
    rows.reserve(order.size());
    for (const auto i : order) rows.push_back(*arrived[i]);
    return rows;
}

abi::RangeOfSamples plain(const SampleRange& range) {
    return {range.series, range.newest_first ? 1U : 0U, range.from, range.to, range.skip};
}

}  // namespace

void PrintTo(const HistoryRow& row, std::ostream* out) {
    *out << '{' << row.time << ", " << row.word << ' ' << to_string(row.quality);
    if (!row.bytes.empty()) *out << ", " << row.bytes.size() << " bytes";
    if (!row.cause.empty()) *out << ", \"" << row.cause << '"';
    *out << '}';
}

HistoryRow row(std::int64_t time, double value) { return {.time = time, .word = word_of(value)}; }

HistoryRow row(std::int64_t time, const Value& value) {
    if (is_scalar_word(value.type())) return {.time = time, .word = value.word()};
    return {.time = time, .bytes = value.blob()};
}

HistoryRow bad_row(std::int64_t time, std::string cause, QualityCode quality) {
    return {.time = time, .quality = quality, .cause = std::move(cause)};
}

ReaderRig::~ReaderRig() {
    if (guest_ != nullptr) guest_->release();
}

JournalPosition ReaderRig::position() const { return guest_->position(); }

ValueType ReaderRig::type_of(SeriesId series) const {
    const auto known = types_.find(series);
    return known == types_.end() ? ValueType::float64 : known->second;
}

HistoryRows ReaderRig::read(const SampleRange& range, std::size_t most) const {
    Collector into(type_of(range.series), most);
    abi::Fault fault;
    guest_->read(plain(range), into, fault);
    expect_no_fault(fault, "read");
    return into.rows();
}

HistoryRows ReaderRig::read_before(SeriesId series, std::int64_t time) const {
    Collector into(type_of(series));
    abi::Fault fault;
    guest_->read_before(series, time, into, fault);
    expect_no_fault(fault, "read_before");
    return into.rows();
}

bool ReaderRig::has_summaries() const { return guest_->has_summaries(); }

std::vector<SummaryPiece> ReaderRig::summarise(const SampleRange& range, Duration most_span) const {
    Collector into(type_of(range.series));
    abi::Fault fault;
    guest_->summarise(plain(range), most_span.count(), into, fault);
    expect_no_fault(fault, "summarise");
    return into.pieces_;
}

std::vector<std::string> ReaderRig::damage() const {
    abi::Fault fault;
    std::vector<std::string> sentences;
    const auto count = guest_->count_damage(fault);
    for (std::uint32_t i = 0; i < count; ++i) sentences.emplace_back(guest_->damage(i).view());
    expect_no_fault(fault, "damage");
    return sentences;
}

HistorianRig::HistorianRig(Factory factory, std::string settings_json, std::filesystem::path folder)
    : factory_(factory), settings_(settings_json), folder_(std::move(folder)), owns_folder_(folder_.empty()) {
    if (owns_folder_) folder_ = fresh_folder();
    bear();
    appended_ = persisted();
}

HistorianRig::~HistorianRig() {
    if (guest_ != nullptr) guest_->release();
    std::error_code ignored;
    if (owns_folder_) std::filesystem::remove_all(folder_, ignored);
}

void HistorianRig::bear() {
    abi::Fault fault;
    const abi::Birth birth{abi::kHistorianInterface, 0, nullptr, settings_.node(), abi::text("historian")};
    guest_ = static_cast<abi::HistorianGuest*>(factory_(birth, fault));
    if (guest_ == nullptr) throw std::runtime_error(std::string(fault.sentence()));
    const auto position = guest_->open(abi::text(folder_.native()), fault);
    if (fault.failed()) throw std::runtime_error(std::string(fault.sentence()));
    EXPECT_EQ(position, guest_->persisted()) << "open() has to return persisted()";
}

void HistorianRig::define(const std::vector<SeriesInfo>& series) {
    std::vector<abi::SeriesDefinition> definitions;
    for (const auto& info : series) {
        types_[info.id] = info.type;
        auto& [name, unit] = texts_[info.id] = {std::string(info.name), std::string(info.unit)};
        auto kept = info;
        kept.name = name;
        kept.unit = unit;
        infos_[info.id] = kept;
        definitions.push_back({.id = info.id,
                               .type = static_cast<std::uint32_t>(info.type),
                               .name = abi::text(name),
                               .unit = abi::text(unit),
                               .step = info.step,
                               .offset = info.offset,
                               .keep_raw_ns = info.keep_raw.count(),
                               .keep_minutes_ns = info.keep_minutes.count(),
                               .keep_hours_ns = info.keep_hours.count()});
    }
    abi::Fault fault;
    guest_->define(definitions.data(), definitions.size(), fault);
    expect_no_fault(fault, "define");
}

void HistorianRig::append(const std::vector<SeriesRow>& rows) {
    ASSERT_EQ(appended_, journal_.size()) << "append() after a crash and before repeat()";
    journal_.push_back(rows);
    hand_over(appended_);
}

void HistorianRig::hand_over(JournalPosition begin) {
    const Columns columns(journal_[begin], types_);
    abi::Fault fault;
    guest_->append(columns.batch(begin), fault);
    expect_no_fault(fault, "append");
    appended_ = begin + 1;
    EXPECT_LE(persisted(), appended_) << "persisted() is ahead of what was appended";
}

void HistorianRig::flush() {
    abi::Fault fault;
    guest_->flush(fault);
    expect_no_fault(fault, "flush");
    EXPECT_EQ(persisted(), appended_) << "flush() returned before everything was persisted";
}

void HistorianRig::tidy(UtcTime now) {
    constexpr int kMost = 100'000;
    abi::Fault fault;
    int pieces = 0;
    while (pieces < kMost && guest_->tidy(to_ns(now), fault) && !fault.failed()) ++pieces;
    expect_no_fault(fault, "tidy");
    EXPECT_LT(pieces, kMost) << "tidy() never comes to an end";
}

JournalPosition HistorianRig::persisted() const { return guest_->persisted(); }

ReaderRig HistorianRig::open_reader() const {
    abi::Fault fault;
    auto* const reader = guest_->open_reader(fault);
    if (reader == nullptr) throw std::runtime_error("no reader: " + std::string(fault.sentence()));
    return {*reader, types_};
}

HistorianStatus HistorianRig::status() const {
    abi::Fault fault;
    abi::StatusOfHistorian plain{};
    guest_->status(plain, fault);
    expect_no_fault(fault, "status");
    return {plain.samples, plain.bytes, plain.oldest_time_ns, std::string(plain.sentence.view())};
}

bool HistorianRig::has_backup() const { return guest_->has_backup(); }

bool HistorianRig::back_up(const std::filesystem::path& folder) {
    abi::Fault fault;
    const bool has_more = guest_->back_up(abi::text(folder.native()), fault);
    expect_no_fault(fault, "back_up");
    return has_more && !fault.failed();
}

void HistorianRig::crash() {
    const auto known = persisted();
    std::exchange(guest_, nullptr)->release();
    bear();
    const auto found = persisted();
    EXPECT_GE(found, known) << "what persisted() covered is gone after a crash";
    EXPECT_LE(found, journal_.size()) << "persisted() is ahead of what was ever appended";
    appended_ = found;
}

void HistorianRig::repeat() {
    std::vector<SeriesInfo> series;
    for (const auto& [id, info] : infos_) series.push_back(info);
    define(series);
    while (appended_ < journal_.size()) hand_over(appended_);
}

HistoryRows HistorianRig::read_all(SeriesId series) const {
    return read({.series = series, .from = INT64_MIN, .to = INT64_MAX});
}

HistoryRows HistorianRig::expected(SeriesId series, JournalPosition position, std::int64_t from, std::int64_t to) const {
    std::vector<const HistoryRow*> found;
    for (std::size_t i = 0; i < journal_.size() && i < position; ++i) {
        for (const auto& entry : journal_[i]) {
            if (entry.series == series && entry.row.time >= from && entry.row.time < to) found.push_back(&entry.row);
        }
    }
    return in_order(std::move(found));
}

void HistorianRig::expect_everything() {
    flush();
    std::map<SeriesId, std::vector<const HistoryRow*>> arrived;
    for (const auto& batch : journal_) {
        for (const auto& entry : batch) arrived[entry.series].push_back(&entry.row);
    }
    const auto reader = open_reader();
    EXPECT_EQ(reader.position(), appended_);
    for (const auto& [series, type] : types_) {
        const auto found = reader.read({.series = series, .from = INT64_MIN, .to = INT64_MAX});
        const auto wanted = in_order(std::move(arrived[series]));
        ASSERT_EQ(found.size(), wanted.size()) << "rows of series " << series;
        for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], wanted[i]) << "series " << series << ", row " << i;
    }
    EXPECT_TRUE(reader.damage().empty()) << reader.damage().front();
}

}  // namespace penstock::testing
