#include "inner_pages.hpp"

#include <fstream>
#include <string>
#include <vector>

#include "page_seal.hpp"

namespace penstock::sqlite {
namespace {

// "Database File Format" 1.6: an inner page has its rightmost child at 8, and before each cell its left child.
constexpr std::size_t kCells = 3, kRightmost = 8, kPlaces = 12;

bool is_inner(std::string_view page) { return page[0] == 2 || page[0] == 5; }

std::uint32_t number_in(std::string_view page, std::size_t place, std::size_t size) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < size && place + i < page.size(); ++i)
        number = number << 8U | static_cast<unsigned char>(page[place + i]);
    return number;
}

std::vector<std::uint32_t> children_of(std::string_view page) {
    std::vector<std::uint32_t> children;
    const auto cells = number_in(page, kCells, 2);
    for (std::size_t i = 0; i < cells; ++i) children.push_back(number_in(page, number_in(page, kPlaces + 2 * i, 2), 4));
    children.push_back(number_in(page, kRightmost, 4));
    return children;
}

class Walk {
public:
    Walk(const std::filesystem::path& file, std::size_t most) : stream_(file, std::ios::binary), left_(most) {}

    // Level by level; all leaves lie equally deep, so one child says whether the others have to be read.
    std::optional<std::uint32_t> from(std::uint32_t root) {
        std::vector<std::uint32_t> level = {root};
        while (!level.empty()) {
            std::vector<std::uint32_t> below;
            for (const auto number : level) {
                if (left_ == 0 || !read(number)) return std::nullopt;
                --left_;
                if (!is_page_whole(page_, number)) return number;
                if (!is_inner(page_)) return std::nullopt;
                for (const auto child : children_of(page_)) below.push_back(child);
            }
            if (!has_inner(below)) return std::nullopt;
            level = std::move(below);
        }
        return std::nullopt;
    }

private:
    // One broken child says nothing, so a few are asked.
    bool has_inner(const std::vector<std::uint32_t>& pages) {
        for (std::size_t i = 0; i < pages.size() && i < 4; ++i)
            if (read(pages[i]) && is_page_whole(page_, pages[i])) return is_inner(page_);
        return false;
    }
    // False behind the end of the file: what waits in the log was never written.
    bool read(std::uint32_t number) {
        stream_.clear();
        stream_.seekg(static_cast<std::streamoff>(kPageBytes * (std::uint64_t{number} - 1)));
        return number > 0 && static_cast<bool>(stream_.read(page_.data(), static_cast<std::streamsize>(page_.size())));
    }

    std::ifstream stream_;
    std::string page_ = std::string(kPageBytes, '\0');
    std::size_t left_;
};

}  // namespace

std::optional<std::uint32_t> find_broken_inner_page(const Database& database, const std::filesystem::path& file,
                                                    std::size_t most) {
    Walk walk(file, most);
    auto roots = database.prepare("SELECT rootpage FROM sqlite_schema WHERE rootpage > 1");
    while (roots.step())
        if (const auto broken = walk.from(static_cast<std::uint32_t>(roots.integer(0)))) return broken;
    return std::nullopt;
}

}  // namespace penstock::sqlite
