#pragma once

// Which series a historian keeps, and what it is told of them.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <penstock/historian.hpp>

namespace penstock::tags {
class TagCatalog;
}

namespace penstock::history {

class WantedSeries final {
public:
    // `series` in any order, each once; `keep_alive` is what their names and units borrow (the catalog).
    explicit WantedSeries(std::vector<SeriesInfo> series, std::shared_ptr<const void> keep_alive = nullptr);

    [[nodiscard]] std::span<const SeriesInfo> list() const noexcept { return series_; }  // in order of id
    [[nodiscard]] std::size_t id_limit() const noexcept { return kinds_.size(); }  // all ids are below
    [[nodiscard]] bool has(SeriesId series) const noexcept { return kind(series) != Kind::unwanted; }
    [[nodiscard]] bool uses_blob(SeriesId series) const noexcept { return kind(series) == Kind::blob; }

private:
    enum class Kind : std::uint8_t { unwanted, word, blob };
    [[nodiscard]] Kind kind(SeriesId series) const noexcept { return series < kinds_.size() ? kinds_[series] : Kind::unwanted; }

    std::shared_ptr<const void> keep_alive_;
    std::vector<SeriesInfo> series_;
    std::vector<Kind> kinds_;  // by id
};

// The series of a site that `historian` ("historian.sqlite") keeps: those whose rule names it, and those whose rule names none if it is
// the site's first. The catalog lives as long as the answer.
[[nodiscard]] WantedSeries series_of(std::shared_ptr<const tags::TagCatalog> catalog, std::string_view historian,
                                     bool is_first);

}  // namespace penstock::history
