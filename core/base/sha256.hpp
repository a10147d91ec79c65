#pragma once

// SHA-256 (FIPS 180-4) by OpenSSL.

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace penstock::base {

using Digest = std::array<std::byte, 32>;

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::span<const std::byte> bytes);
    void update(std::string_view bytes);
    // A text with its length before it, so that "ab" + "c" is not "a" + "bc".
    void update_framed(std::string_view bytes);
    // Starts afresh afterwards: one object hashes many short things without an allocation for each.
    [[nodiscard]] Digest finish_digest();
    [[nodiscard]] std::string finish();  // as 64 hexadecimal digits

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

[[nodiscard]] std::string to_hex(const Digest& digest);
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace penstock::base
