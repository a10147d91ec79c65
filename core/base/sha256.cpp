#include "core/base/sha256.hpp"

#include <stdexcept>

#include <openssl/evp.h>

namespace penstock::base {
namespace {

// OpenSSL fails here only when it is misbuilt or out of memory.
void require(int result) {
    if (result != 1) throw std::runtime_error("SHA-256 is not available in this OpenSSL");
}

// Looked up once: EVP_sha256() would be looked up anew at each start, which costs more than hashing 200 bytes.
const EVP_MD* sha256() {
    static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return method;
}

}  // namespace

struct Sha256::Context {
    EVP_MD_CTX* evp = EVP_MD_CTX_new();
    Context() { require(EVP_DigestInit_ex(evp, sha256(), nullptr)); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() { EVP_MD_CTX_free(evp); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> bytes) { require(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size())); }

void Sha256::update(std::string_view bytes) { update(std::as_bytes(std::span(bytes))); }

void Sha256::update_framed(std::string_view bytes) {
    update(std::to_string(bytes.size()));
    update(":");
    update(bytes);
}

Digest Sha256::finish_digest() {
    Digest digest{};
    require(EVP_DigestFinal_ex(context_->evp, reinterpret_cast<unsigned char*>(digest.data()), nullptr));
    require(EVP_DigestInit_ex(context_->evp, nullptr, nullptr));
    return digest;
}

std::string Sha256::finish() { return to_hex(finish_digest()); }

std::string to_hex(const Digest& digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (const auto byte : digest) {
        hex += kDigits[std::to_integer<unsigned>(byte) >> 4U];
        hex += kDigits[std::to_integer<unsigned>(byte) & 0xFU];
    }
    return hex;
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.finish();
}

}  // namespace penstock::base
