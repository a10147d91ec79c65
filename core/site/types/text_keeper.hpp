#pragma once

// Keeps many small texts that are made while a site is read; views stay valid as long as it.

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace penstock::site {

class TextKeeper {
public:
    std::string_view keep(std::string_view text) {
        if (text.size() > room_) grow(text.size());
        char* const begin = at_;
        std::memcpy(begin, text.data(), text.size());
        at_ += text.size();
        room_ -= text.size();
        return {begin, text.size()};
    }

private:
    void grow(std::size_t wanted) {
        constexpr std::size_t kChunk = 65'536;
        room_ = std::max(kChunk, wanted);
        at_ = chunks_.emplace_back(std::make_unique_for_overwrite<char[]>(room_)).get();
    }
    std::vector<std::unique_ptr<char[]>> chunks_;
    char* at_ = nullptr;
    std::size_t room_ = 0;
};

}  // namespace penstock::site
