#pragma once

// Which series a historian keeps, and what it is told of them.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <penstock/historian.hpp>

namespace penstock::history {

class WantedSeries final {
public:
    // `series` in any order, each once; `keep_alive` is what their names and units borrow (the catalog).
    explicit WantedSeries(std::vector<SeriesInfo> series, std::shared_ptr<const void> keep_alive = nullptr);

    [[nodiscard]] std::span<const SeriesInfo> list() const noexcept { return series_; }  // in order of id
    [[nodiscard]] bool has(SeriesId series) const noexcept { return kind(series) != Kind::unwanted; }
    [[nodiscard]] bool uses_blob(SeriesId series) const noexcept { return kind(series) == Kind::blob; }

private:
    enum class Kind : std::uint8_t { unwanted, word, blob };
    [[nodiscard]] Kind kind(SeriesId series) const noexcept { return series < kinds_.size() ? kinds_[series] : Kind::unwanted; }

    std::shared_ptr<const void> keep_alive_;
    std::vector<SeriesInfo> series_;
    std::vector<Kind> kinds_;  // by id
};

}  // namespace penstock::history
