#include "core/site/units.hpp"

#include <algorithm>
#include <array>

namespace penstock::site {
namespace {

using Words = std::span<const std::string_view>;

// Take a prefix: "kPa", "mS", "µg".
constexpr std::string_view kPrefixable[] = {
    "m",   "g",    "s",   "A",   "K",  "mol", "cd",  "Hz", "N",  "Pa", "J",   "W",   "C",   "V",  "F",    "Ω",   "Ohm", "ohm",
    "S",   "Wb",   "T",   "H",   "lm", "lx",  "Bq",  "Gy", "Sv", "l",  "L",   "bar", "t",   "eV", "VA",   "var", "Wh",  "Ah",
    "VAh", "varh", "cal", "Pas", "pc", "B",   "bit", "P",  "St", "Bd", "kat", "Nm",  "rad", "sr", "mmol", "val"};
// Stand alone: "min", "°C", "psi".
constexpr std::string_view kPlain[] = {
    "%",     "‰",      "ppm",   "ppb",    "ppt",  "1",    "min", "h",    "d",    "a",    "wk",   "mo",     "°",
    "°C",    "°F",     "°R",    "degC",   "degF", "deg",  "'",   "pH",   "rpm",  "U",    "rev",  "mmHg",   "mmH2O",
    "mH2O",  "cmH2O",  "inH2O", "inHg",   "mWS",  "mWC",  "psi", "psig", "psia", "barg", "bara", "mbarg",  "mbara",
    "kPag",  "kPaa",   "atm",   "at",     "Torr", "torr", "ft",  "in",   "yd",   "mi",   "gal",  "gpm",    "gpd",
    "mgd",   "MGD",    "cfm",   "cfs",    "scfm", "lb",   "lbs", "oz",   "hp",   "PS",   "BTU",  "Btu",    "kn",
    "NTU",   "FNU",    "FTU",   "FAU",    "TCU",  "TU",   "dB",  "dBA",  "dBm",  "ha",   "acre", "µm",     "Å",
    "°dH",   "°fH",    "°e",    "vol%",   "wt%",  "mol%", "%RH", "%LEL", "%LIE", "% O2", "pcs",  "pieces", "cycles",
    "count", "counts", "steps", "pulses", "imp",  "cP",   "cSt", "°Bx",  "°P",   "Nm³",  "Nm3",  "Sm³",    "Sm3",
    "Nl",    "NL",     "Sl",    "slpm",   "sccm", "CFU",  "UFC", "MPN",  "VR"};
constexpr std::string_view kPrefixes[] = {"da", "Y", "Z", "E", "P", "T", "G", "M", "k", "h",
                                          "d",  "c", "m", "µ", "μ", "u", "n", "p", "f", "a"};
constexpr std::string_view kExponents[] = {"²",   "³",   "⁴",   "⁻¹", "⁻²", "⁻³", "^2", "^3", "^4",
                                           "^-1", "^-2", "^-3", "-1", "-2", "-3", "2",  "3",  "4"};

constexpr std::string_view kCommon[] = {
    "%",      "‰",      "ppm",    "ppb",   "m",    "mm",    "cm",   "km",    "µm",    "m²",    "m2",   "ha",     "m³",
    "m3",     "l",      "L",      "ml",    "hl",   "m³/h",  "m3/h", "m³/s",  "m3/s",  "m³/d",  "m3/d", "m³/min", "l/s",
    "l/min",  "l/h",    "ml/min", "Nm³/h", "m/s",  "m/min", "km/h", "m/s²",  "mm/s",  "mm/h",  "s",    "ms",     "min",
    "h",      "d",      "a",      "Hz",    "kHz",  "MHz",   "rpm",  "1/min", "1/s",   "1/h",   "bar",  "mbar",   "barg",
    "bara",   "Pa",     "hPa",    "kPa",   "MPa",  "psi",   "mH2O", "mmHg",  "°C",    "°F",    "K",    "kg",     "g",
    "mg",     "t",      "kg/h",   "kg/s",  "t/h",  "g/l",   "mg/l", "µg/l",  "mg/L",  "kg/m³", "g/m³", "mg/m³",  "µg/m³",
    "mol/l",  "mmol/l", "V",      "mV",    "kV",   "A",     "mA",   "kA",    "W",     "kW",    "MW",   "GW",     "VA",
    "kVA",    "MVA",    "var",    "kvar",  "Mvar", "Wh",    "kWh",  "MWh",   "GWh",   "kvarh", "Ah",   "J",      "kJ",
    "MJ",     "GJ",     "Ω",      "Ohm",   "kΩ",   "MΩ",    "S",    "mS/cm", "µS/cm", "µS",    "F",    "µF",     "N",
    "kN",     "Nm",     "kNm",    "pH",    "NTU",  "FNU",   "°dH",  "lx",    "lm",    "cd",    "dB",   "dBA",    "W/m²",
    "kWh/m³", "°",      "rad",    "cP",    "mPas", "gpm",   "gal",  "ft",    "in",    "lb",    "hp",   "kWh/d",  "B",
    "kB",     "MB",     "GB",     "bit/s", "pcs",  "counts"};

bool contains(Words words, std::string_view word) noexcept { return std::ranges::find(words, word) != words.end(); }

bool is_atom(std::string_view word) noexcept {
    if (contains(kPlain, word) || contains(kPrefixable, word)) return true;
    return std::ranges::any_of(kPrefixes, [word](std::string_view prefix) {
        return word.starts_with(prefix) && contains(kPrefixable, word.substr(prefix.size()));
    });
}

// "m", "m³", "s^-1"
bool is_factor(std::string_view word) noexcept {
    if (is_atom(word)) return true;
    return std::ranges::any_of(kExponents, [word](std::string_view exponent) {
        return word.ends_with(exponent) && is_atom(word.substr(0, word.size() - exponent.size()));
    });
}

// The next factor and what follows its operator: "m³" of "m³/h". "·" and "*" multiply, '/' divides.
std::string_view take_factor(std::string_view& rest) noexcept {
    constexpr std::string_view kDot = "·";
    std::size_t at = 0;
    std::size_t operator_size = 0;
    for (; at < rest.size(); ++at) {
        if (rest[at] == '/' || rest[at] == '*')
            operator_size = 1;
        else if (rest.substr(at).starts_with(kDot))
            operator_size = kDot.size();
        if (operator_size != 0) break;
    }
    const std::string_view factor = rest.substr(0, at);
    rest.remove_prefix(at + operator_size);
    if (operator_size != 0 && rest.empty()) rest = "/";  // nothing follows the operator: refused by the next round
    return factor;
}

}  // namespace

bool is_known_unit(std::string_view unit) noexcept {
    constexpr std::size_t kMostFactors = 5;
    if (contains(kPlain, unit)) return true;
    for (std::size_t factors = 0; factors < kMostFactors; ++factors) {
        if (!is_factor(take_factor(unit))) return false;
        if (unit.empty()) return true;
    }
    return false;
}

std::span<const std::string_view> common_units() noexcept { return kCommon; }

}  // namespace penstock::site
