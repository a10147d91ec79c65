#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace penstock::site {

// SHA-256 by OpenSSL; digests as 64 hexadecimal digits.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::string_view bytes);
    // A text with its length before it, so that "ab" + "c" is not "a" + "bc".
    void update_framed(std::string_view bytes);
    [[nodiscard]] std::string finish();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace penstock::site
