#pragma once

// One file of a site as text, with the place of every byte.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::site {

// 1-based. A column counts characters (UTF-8 code points); a tab is one, a byte order mark none.
struct Place {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    bool operator==(const Place&) const = default;
};

// Immutable after construction: views into text() stay valid as long as it. Not movable, for that reason.
class SourceText {
public:
    // `name` is relative to the site folder. A leading byte order mark is taken off.
    SourceText(std::string name, std::string bytes);
    SourceText(const SourceText&) = delete;
    SourceText& operator=(const SourceText&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] bool holds(std::string_view view) const noexcept {
        const std::less_equal<> is_not_behind;
        return is_not_behind(text_.data(), view.data())
               && is_not_behind(view.data() + view.size(), text_.data() + text_.size());
    }
    // Offset of a view into text().
    [[nodiscard]] std::uint32_t offset_of(const char* position) const noexcept {
        return static_cast<std::uint32_t>(position - text_.data());
    }

    // The place of the byte at `offset`; of the end for offsets beyond it. O(log lines), also for one endless line: the
    // bytes that continue a character are counted per block beforehand.
    [[nodiscard]] Place place(std::size_t offset) const noexcept;

private:
    void index_lines();
    void count_continuations();
    [[nodiscard]] std::size_t continuations_before(std::size_t offset) const noexcept;

    std::string name_;
    std::string bytes_;
    std::string_view text_;
    std::vector<std::uint32_t> line_starts_;
    std::vector<std::uint32_t> continuations_;  // before each block; empty for ASCII
};

}  // namespace penstock::site
