#include "raw_rows.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <string>
#include <unordered_set>
#include <vector>

#include "page_seal.hpp"

namespace penstock::sqlite {
namespace {

constexpr std::size_t kUsable = kPageBytes - kSealBytes;
constexpr std::size_t kMostPayload = 64 * 1024 * 1024;
constexpr char kIndexInner = 2, kIndexLeaf = 10, kTableLeaf = 13;

std::uint64_t number_in(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = number << 8U | static_cast<unsigned char>(byte);
    return number;
}

// Reads what lies one behind the other; anything beyond the end fails.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : rest_(bytes) {}

    // SQLite's: seven bits a byte, the most significant first, eight in the ninth.
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (int i = 0; i < 9; ++i) {
            const auto byte = number_in(take(1));
            if (i == 8) return value << 8U | byte;
            value = value << 7U | (byte & 0x7FU);
            if ((byte & 0x80U) == 0) break;
        }
        return value;
    }
    std::string_view take(std::uint64_t size) {
        if (failed_ || size > rest_.size()) {
            failed_ = true;
            return {};
        }
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }
    [[nodiscard]] bool failed() const { return failed_; }

private:
    std::string_view rest_;
    bool failed_ = false;
};

std::uint64_t size_of(std::uint64_t kind) {
    constexpr std::uint64_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    return kind < 12 ? kSizes[kind] : (kind - 12) / 2;
}

// How much of a payload lies in its leaf; the rest is in a chain of other pages.
std::size_t local_size(std::size_t payload, RawTree tree) {
    constexpr std::size_t kLeast = (kUsable - 12) * 32 / 255 - 23;
    const auto most = tree == RawTree::table ? kUsable - 35 : (kUsable - 12) * 64 / 255 - 23;
    if (payload <= most) return payload;
    const auto local = kLeast + (payload - kLeast) % (kUsable - 4);
    return local <= most ? local : kLeast;
}

class Search {
public:
    Search(const std::filesystem::path& file, RawTree tree, std::size_t columns)
        : stream_(file, std::ios::binary), tree_(tree), columns_(columns) {
        list_free_pages();
    }

    template <class Take>
    void run(const Take& take) {
        std::string page(kPageBytes, '\0');
        for (std::uint32_t number = 2; read(number, page); ++number) {
            const auto kind = page[0];
            const bool is_wanted = tree_ == RawTree::table ? kind == kTableLeaf : kind == kIndexLeaf || kind == kIndexInner;
            if (!is_wanted || free_.contains(number) || !is_page_whole(page, number)) continue;
            const std::string_view node(page.data(), kUsable);
            const std::size_t places = kind == kIndexInner ? 12 : 8;
            const auto cells = number_in(node.substr(3, 2));
            for (std::size_t i = 0; i < cells && places + 2 * i + 2 <= kUsable; ++i) {
                const auto place = number_in(node.substr(places + 2 * i, 2)) + (kind == kIndexInner ? 4 : 0);
                if (place < kUsable && parse(node.substr(place))) take(id_, std::span<const RawColumn>(row_));
            }
        }
    }

private:
    // A chain of pages, each with numbers of others; as far as it can be read.
    void list_free_pages() {
        constexpr std::size_t kFirstFree = 32;
        if (!read(1, other_) || !is_page_whole(other_, 1)) return;
        auto next = static_cast<std::uint32_t>(number_in(std::string_view(other_).substr(kFirstFree, 4)));
        while (next > 1 && free_.insert(next).second && read(next, other_) && is_page_whole(other_, next)) {
            const std::string_view page(other_);
            next = static_cast<std::uint32_t>(number_in(page.substr(0, 4)));
            const auto count = std::min<std::uint64_t>(number_in(page.substr(4, 4)), kUsable / 4 - 2);
            for (std::size_t i = 0; i < count; ++i)
                free_.insert(static_cast<std::uint32_t>(number_in(page.substr(8 + 4 * i, 4))));
        }
    }
    bool read(std::uint32_t number, std::string& page) {
        stream_.clear();
        stream_.seekg(static_cast<std::streamoff>(kPageBytes * (std::uint64_t{number} - 1)));
        return static_cast<bool>(stream_.read(page.data(), static_cast<std::streamsize>(page.size())));
    }

    bool parse(std::string_view cell) {
        Bytes in(cell);
        const auto size = in.varint();
        id_ = tree_ == RawTree::table ? static_cast<std::int64_t>(in.varint()) : 0;
        if (in.failed() || size > kMostPayload) return false;
        payload_ = in.take(local_size(size, tree_));
        const auto next = payload_.size() == size ? 0 : static_cast<std::uint32_t>(number_in(in.take(4)));
        return !in.failed() && is_wanted() && gather(next, size) && parse_record();
    }

    // The numbers of columns are told at the begin of a payload, which lies in the leaf.
    bool is_wanted() {
        Bytes in(payload_);
        const auto size = in.varint();
        Bytes kinds(in.take(size > 0 ? size - 1 : 0));
        std::size_t found = 0;
        for (; kinds.left() > 0 && !kinds.failed() && found <= columns_; ++found) static_cast<void>(kinds.varint());
        return !in.failed() && !kinds.failed() && found == columns_;
    }

    bool gather(std::uint32_t next, std::size_t size) {
        while (payload_.size() < size) {
            if (next < 2 || !read(next, other_) || !is_page_whole(other_, next)) return false;
            next = static_cast<std::uint32_t>(number_in(std::string_view(other_).substr(0, 4)));
            payload_.append(other_, 4, std::min(size - payload_.size(), kUsable - 4));
        }
        return true;
    }

    bool parse_record() {
        Bytes in(payload_);
        const auto size = in.varint();
        Bytes kinds(in.take(size - 1));
        row_.clear();
        while (kinds.left() > 0) {
            const auto kind = kinds.varint();
            row_.push_back({kind, in.take(size_of(kind))});
        }
        return !in.failed() && !kinds.failed();
    }

    std::ifstream stream_;
    RawTree tree_;
    std::size_t columns_;
    std::unordered_set<std::uint32_t> free_;
    std::string other_ = std::string(kPageBytes, '\0');
    std::string payload_;
    std::int64_t id_ = 0;
    std::vector<RawColumn> row_;
};

}  // namespace

std::int64_t RawColumn::integer() const noexcept {
    if (kind == 9) return 1;
    if (kind == 0 || kind > 6) return 0;
    const auto unused = 64 - 8 * bytes.size();
    return static_cast<std::int64_t>(number_in(bytes) << unused) >> unused;
}

void find_raw_rows(const std::filesystem::path& file, RawTree tree, std::size_t columns,
                   const std::function<void(std::int64_t, std::span<const RawColumn>)>& take) {
    Search(file, tree, columns).run(take);
}

}  // namespace penstock::sqlite
