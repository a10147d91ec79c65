#pragma once

// Random contents for any message, with the values that break codecs more often than chance would bring them.

#include <array>
#include <limits>
#include <random>

#include <penstock/fields.hpp>
#include <penstock/operations.hpp>

namespace penstock::wire::testing {

class RandomMessage {
public:
    explicit RandomMessage(std::uint64_t seed) : random_(seed) {}

    template <class T>
    void fill(T& object) {
        if constexpr (std::is_same_v<T, bool>)
            object = below(2) == 1;
        else if constexpr (std::is_enum_v<T>)
            object = static_cast<T>(below(4));
        else if constexpr (std::is_same_v<T, double>)
            object = number();
        else if constexpr (std::is_integral_v<T>)
            object = integer<T>();
        else if constexpr (std::is_same_v<T, std::string>)
            object = text();
        else if constexpr (std::is_same_v<T, Value>)
            object = value();
        else if constexpr (std::is_same_v<T, UtcTime>)
            object = utc_from_ns(integer<std::int64_t>());
        else if constexpr (std::is_same_v<T, Duration>)
            object = Duration(integer<std::int64_t>());
        else if constexpr (requires {
                               object.emplace();
                               object.reset();
                           }) {  // an optional
            object.reset();
            if (below(2) == 1) fill(object.emplace());
        } else if constexpr (HasFields<T>)
            for_each_field(object, [this](std::string_view, auto& member) { this->fill(member); });
        else {
            object.resize(below(4));
            for (auto& element : object) fill(element);
        }
    }

    [[nodiscard]] Value value() {
        switch (below(11)) {
            case 0: return Value();
            case 1: return Value(below(2) == 1);
            case 2: return Value(integer<std::int64_t>());
            case 3: return Value(integer<std::uint64_t>());
            case 4: return Value(number());
            case 5: return Value(text());
            case 6: return Value(std::vector<bool>{true, false, true});
            case 7: return Value(std::vector<std::int64_t>{integer<std::int64_t>(), integer<std::int64_t>()});
            case 8: return Value(std::vector<std::uint64_t>{integer<std::uint64_t>()});
            case 9: return Value(std::vector<double>{number(), number(), number()});
            default: return Value(std::vector<std::string>{text(), text()});
        }
    }
    [[nodiscard]] std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

private:
    template <class T>
    T integer() {
        const std::array<T, 5> special{T{0}, T{1}, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(),
                                       static_cast<T>((std::uint64_t{1} << 53U) + 1)};
        return below(2) == 0 ? special[below(special.size())] : static_cast<T>(random_());
    }
    double number() {
        constexpr std::array<std::uint64_t, 7> special{0x8000'0000'0000'0000U,  // -0.0
                                                       0x7FF8'0000'0000'0001U,  // a NaN with a payload
                                                       0x0000'0000'0000'0001U,  // the smallest denormal
                                                       0x7FF0'0000'0000'0000U, 0xFFF0'0000'0000'0000U,
                                                       0x3FF0'0000'0000'0000U, 0};
        return double_of(below(2) == 0 ? special[below(special.size())] : random_());
    }
    std::string text() {
        switch (below(4)) {
            case 0: return {};
            case 1: return "Füllstand 東京 \xF0\x9F\x92\xA7";
            case 2: return std::string(255, 'x');
            default: return std::string(below(40), static_cast<char>('a' + below(26)));
        }
    }
    std::mt19937_64 random_;
};

// Equal to the bit: NaN equals itself, -0.0 is not 0.0.
template <class T>
[[nodiscard]] bool identical(const T& a, const T& b) {
    if constexpr (std::is_same_v<T, double>)
        return word_of(a) == word_of(b);
    else if constexpr (std::is_same_v<T, Value>)
        return a.identical(b);
    else if constexpr (HasFields<T>) {
        bool same = true;
        std::apply([&](const auto&... f) { same = (identical(a.*(f.member), b.*(f.member)) && ...); }, T::fields());
        return same;
    } else if constexpr (requires {
                             a.has_value();
                             *a;
                         }) {  // an optional
        return a.has_value() == b.has_value() && (!a || identical(*a, *b));
    } else if constexpr (requires { typename T::value_type; } && !std::is_same_v<T, std::string>) {
        if (a.size() != b.size()) return false;
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (!identical<typename T::value_type>(a[i], b[i])) return false;
        }
        return true;
    } else
        return a == b;
}

}  // namespace penstock::wire::testing
