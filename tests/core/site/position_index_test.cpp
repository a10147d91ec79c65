// Properties of the JSON reader over random documents: every value and key is found at the place where it was written, and what
// is read is what another reader reads.
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/site/json_document.hpp"
#include "core/site/plugin_schemas.hpp"

namespace penstock::site {
namespace {

constexpr int kDocuments = 300;

struct Written {
    std::string pointer;
    std::size_t value = 0;
    std::size_t key = std::string::npos;  // offsets in bytes
};

// Writes a random document and keeps where it put everything.
class Writer {
public:
    explicit Writer(unsigned seed) : random_(seed) {
        if (below(4) == 0) text_ += "\xEF\xBB\xBF";
        space();
        value({}, std::string::npos, 0);
        space();
    }
    std::string text_;
    std::vector<Written> written_;

private:
    unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

    void space() {
        static constexpr const char* kSpaces[] = {
            "", "", "", " ", "\n", "\r\n", "\t", "  ", "// über 水\n", "/* a\n 😀 */", "/**/", "//\n"};
        for (unsigned i = below(3); i > 0; --i) text_ += kSpaces[below(std::size(kSpaces))];
    }

    std::string plain_text() {
        static constexpr const char* kParts[] = {"a", "Kläranlage", "水", "😀", "/", "~", " ", "x1", "{", "]", ",", ":", "//"};
        std::string text;
        for (unsigned i = below(4); i > 0; --i) text += kParts[below(std::size(kParts))];
        return text;
    }

    // As JSON writes it, with escapes here and there.
    void put_text(const std::string& plain) {
        text_ += '"';
        for (const char c : plain) {
            if (c == '/' && below(2) == 0)
                text_ += "\\/";
            else if (c == 'a' && below(3) == 0)
                text_ += "\\u0061";
            else
                text_ += c;
        }
        text_ += '"';
    }

    void value(const std::string& pointer, std::size_t key, unsigned depth) {
        written_.push_back({pointer, text_.size(), key});
        const unsigned kind = depth > 5 ? 2 + below(3) : below(5);
        if (kind == 0) return object(pointer, depth);
        if (kind == 1) return array(pointer, depth);
        if (kind == 2) return put_text(plain_text() + (below(4) == 0 ? "a" : ""));
        static constexpr const char* kScalars[] = {"0",
                                                   "-1",
                                                   "9007199254740993",
                                                   "18446744073709551615",
                                                   "-9223372036854775808",
                                                   "1.5",
                                                   "-0.0",
                                                   "1e-7",
                                                   "2.5E+3",
                                                   "true",
                                                   "false",
                                                   "null"};
        text_ += kScalars[below(std::size(kScalars))];
    }

    void object(const std::string& pointer, unsigned depth) {
        text_ += '{';
        space();
        const unsigned members = below(12) == 0 ? 30 : below(5);
        for (unsigned i = 0; i < members; ++i) {
            if (i != 0) separator();
            const std::string key = plain_text() + std::to_string(i);
            const std::size_t at = text_.size();
            put_text(key);
            space();
            text_ += ':';
            space();
            value(pointer + "/" + pointer_token(key), at, depth + 1);
        }
        space();
        text_ += '}';
    }

    void array(const std::string& pointer, unsigned depth) {
        text_ += '[';
        space();
        const unsigned elements = below(5);
        for (unsigned i = 0; i < elements; ++i) {
            if (i != 0) separator();
            value(pointer + "/" + std::to_string(i), std::string::npos, depth + 1);
        }
        space();
        text_ += ']';
    }

    void separator() {
        space();
        text_ += ',';
        space();
    }

    std::mt19937 random_;
};

// The plain way: count from the start.
Place counted_place(const std::string& text, std::size_t offset) {
    Place place{1, 1};
    std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    for (; at < offset; ++at) {
        const bool continues = (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
        if (text[at] == '\n')
            place = {place.line + 1, 1};
        else if (!continues)
            ++place.column;
    }
    return place;
}

class RandomDocument : public ::testing::Test {
protected:
    // Fails the test if the document is not read without a fault.
    std::unique_ptr<JsonDocument> read(const std::string& text) {
        FaultList faults;
        auto document = JsonDocument::parse(std::make_shared<const SourceText>("a.json", text), faults);
        EXPECT_TRUE(faults.empty()) << faults.take().front().text() << "\n" << text;
        return document;
    }
};

TEST_F(RandomDocument, EveryPointerLeadsToThePlaceOfItsValueAndKey) {
    for (unsigned seed = 0; seed < kDocuments; ++seed) {
        const Writer writer(seed);
        const auto document = read(writer.text_);
        ASSERT_TRUE(document) << writer.text_;
        for (const Written& written : writer.written_) {
            const JsonView found = resolve_pointer(document->root(), written.pointer);
            ASSERT_EQ(found.pointer(), written.pointer) << writer.text_;
            ASSERT_EQ(found.place(), counted_place(writer.text_, written.value)) << written.pointer << "\n" << writer.text_;
            if (written.key == std::string::npos) continue;
            ASSERT_EQ(found.key_place(), counted_place(writer.text_, written.key)) << written.pointer << "\n" << writer.text_;
        }
    }
}

TEST_F(RandomDocument, IsReadAsAnotherReaderReadsIt) {
    for (unsigned seed = 0; seed < kDocuments; ++seed) {
        const Writer writer(seed);
        const auto document = read(writer.text_);
        ASSERT_TRUE(document);
        const auto other = nlohmann::json::parse(writer.text_, nullptr, true, true);
        ASSERT_EQ(to_nlohmann(document->root()), other) << writer.text_;
        ASSERT_EQ(nlohmann::json::parse(canonical_json(document->root())), other) << writer.text_;
    }
}

TEST_F(RandomDocument, HasOneCanonicalForm) {
    for (unsigned seed = 0; seed < kDocuments; ++seed) {
        const std::string canonical = canonical_json(read(Writer(seed).text_)->root());
        ASSERT_EQ(canonical_json(read(canonical)->root()), canonical);
    }
}

// Not a document without a word why.
TEST_F(RandomDocument, CutAnywhereIsADocumentOrHasAFault) {
    for (unsigned seed = 0; seed < 200; ++seed) {
        const std::string text = Writer(seed).text_;
        for (std::size_t cut = 0; cut < text.size(); cut += 1 + text.size() / 97) {
            FaultList faults;
            const auto document =
                JsonDocument::parse(std::make_shared<const SourceText>("a.json", text.substr(0, cut)), faults);
            ASSERT_TRUE(document || !faults.empty()) << text.substr(0, cut);
        }
    }
}

TEST(SourceText, CountsColumnsInCharactersOnOneEndlessLine) {
    std::string text;
    std::vector<std::size_t> starts;
    const char* const kCharacters[] = {"a", "ä", "水", "😀"};
    for (unsigned i = 0; i < 5000; ++i) {
        starts.push_back(text.size());
        text += kCharacters[i * 7 % 4];
    }
    const SourceText source("a.json", text);
    for (std::uint32_t i = 0; i < starts.size(); ++i) ASSERT_EQ(source.place(starts[i]), (Place{1, i + 1}));
}

TEST(SourceText, PutsThePlaceBeyondTheEndAtTheEnd) {
    EXPECT_EQ(SourceText("a.json", "ab\nc").place(99), (Place{2, 2}));
    EXPECT_EQ(SourceText("a.json", "").place(0), (Place{1, 1}));
}

}  // namespace
}  // namespace penstock::site
