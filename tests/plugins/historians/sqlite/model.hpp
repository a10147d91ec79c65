#pragma once

// What the archive must give back, kept the plainest way: rows in a list. And random rows to fill both.

#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <penstock/historian.hpp>

namespace penstock::sqlite::testing {

struct Row {
    std::int64_t time = 0;
    StatusWord quality = 0;  // without a cause
    std::string cause;
    std::uint64_t word = 0;  // 0 for texts
    std::string text;
    bool operator==(const Row&) const = default;
};

// Rows as a sink sees them.
class Collector final : public SampleSink {
public:
    explicit Collector(ValueType type, std::size_t most = ~std::size_t{0}) : type_(type), most_(most) {}
    bool take(const SampleView& samples) override;
    std::vector<Row> rows;

private:
    ValueType type_;
    std::size_t most_;
};

// Rows as columns, with what they borrow.
class OwnedColumns {
public:
    void add(const Row& row, ValueType type);
    [[nodiscard]] SampleView view();
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(time_.size()); }

private:
    std::vector<std::int64_t> time_;
    std::vector<StatusWord> status_;
    std::vector<std::uint64_t> word_;
    std::string blob_;
    std::vector<std::string> causes_;
    std::vector<std::string_view> views_;
};

// Rows in [from, to) in order of (time, arrival), or the reverse.
[[nodiscard]] std::vector<Row> expected(const std::vector<Row>& arrived, const SampleRange& range);

// The first row that differs, in words; "" if none does.
[[nodiscard]] std::string difference(const std::vector<Row>& found, const std::vector<Row>& wanted);

// A signal with habits of its own: pace, jitter, quantum, values, bad rows, late rows.
class RandomSignal {
public:
    RandomSignal(std::uint64_t seed, ValueType type);
    [[nodiscard]] Row next();
    [[nodiscard]] ValueType type() const noexcept { return type_; }

private:
    [[nodiscard]] std::uint64_t number(std::uint64_t below) { return random_() % below; }
    [[nodiscard]] std::uint64_t next_word();
    [[nodiscard]] std::string next_text();

    std::mt19937_64 random_;
    ValueType type_;
    std::int64_t time_, pace_, jitter_, quantum_;
    unsigned kind_, bad_percent_, late_percent_, wild_percent_;
    std::int64_t level_ = 0;
    std::uint64_t word_ = 0;
};

// A folder that goes with the test.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace penstock::sqlite::testing
