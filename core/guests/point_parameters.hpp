#pragma once

// The parameters of a policy's points: the only place where they are. Row by row, since a point's are needed together, and only those
// that some point gives: of sixteen that a policy knows most sites use two.
//
//     PointParameters parameters(shape.parameters.size());
//     const auto point = parameters.add(values);            // NaN: not given
//     parameters.set(point, 0, 80);
//     parameters.gather(points, columns);
//
// [engine]

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <penstock/alarm_policy.hpp>

namespace penstock::guests {

class PointParameters final {
public:
    explicit PointParameters(std::size_t parameters = 0) : column_of_(parameters, kNoColumn) {}

    // The next point; of parameters that are missing at the end, none is given.
    PointId add(std::span<const double> values);
    // Makes room for a parameter, all rows move: before the engine runs, for one that a tag will say.
    void expect(std::size_t parameter);
    void set(PointId point, std::size_t parameter, double value);
    [[nodiscard]] double at(PointId point, std::size_t parameter) const noexcept;

    [[nodiscard]] std::uint32_t points() const noexcept { return points_; }
    [[nodiscard]] std::size_t columns() const noexcept { return given_.size(); }
    void prefetch(PointId point) const noexcept { __builtin_prefetch(numbers_.data() + point * columns()); }
    // Fills what evaluate() is handed: for each parameter the column of these points. Valid until the next call.
    [[nodiscard]] const double* const* gather(std::span<const PointId> points);

    void shrink() { numbers_.shrink_to_fit(); }

private:
    static constexpr std::uint8_t kNoColumn = 0xFF;
    static constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();

    std::uint32_t points_ = 0;
    std::vector<std::uint8_t> column_of_;  // by parameter
    std::vector<std::size_t> given_;  // by column: the parameter
    std::vector<double> numbers_;  // points x columns
    std::vector<double> gathered_;  // columns x rows, and a column for what nobody gives
    std::vector<const double*> handed_;  // by parameter
};

}  // namespace penstock::guests
