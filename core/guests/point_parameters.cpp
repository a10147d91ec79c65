#include "core/guests/point_parameters.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::guests {

PointId PointParameters::add(std::span<const double> values) {
    values = values.first(std::min(values.size(), column_of_.size()));
    for (std::size_t n = 0; n < values.size(); ++n)
        if (!std::isnan(values[n])) expect(n);
    for (const auto parameter : given_) numbers_.push_back(parameter < values.size() ? values[parameter] : kNotGiven);
    return points_++;
}

void PointParameters::expect(std::size_t parameter) {
    if (column_of_[parameter] != kNoColumn) return;
    const auto before = columns();
    std::vector<double> wider((before + 1) * points_, kNotGiven);
    for (std::size_t point = 0; point < points_; ++point)
        std::copy_n(numbers_.begin() + static_cast<std::ptrdiff_t>(point * before), before,
                    wider.begin() + static_cast<std::ptrdiff_t>(point * (before + 1)));
    numbers_ = std::move(wider);
    column_of_[parameter] = static_cast<std::uint8_t>(before);
    given_.push_back(parameter);
}

void PointParameters::set(PointId point, std::size_t parameter, double value) {
    expect(parameter);
    numbers_[point * columns() + column_of_[parameter]] = value;
}

double PointParameters::at(PointId point, std::size_t parameter) const noexcept {
    const auto column = column_of_[parameter];
    return column == kNoColumn ? kNotGiven : numbers_[point * columns() + column];
}

const double* const* PointParameters::gather(std::span<const PointId> points) {
    constexpr std::size_t kAhead = 8;  // rows, to fetch memory for
    constexpr std::size_t kApart = 8;  // columns a power of two apart would fight for the same lines of the cache
    const auto rows = points.size();
    const auto width = columns();
    const auto stride = rows + kApart;
    if (gathered_.size() < (width + 1) * stride) gathered_.resize((width + 1) * stride);
    for (std::size_t row = 0; row < rows; ++row) {
        if (row + kAhead < rows) prefetch(points[row + kAhead]);
        const auto* const from = numbers_.data() + points[row] * width;
        for (std::size_t column = 0; column < width; ++column) gathered_[column * stride + row] = from[column];
    }
    auto* const not_given = gathered_.data() + width * stride;
    if (width < column_of_.size()) std::fill_n(not_given, rows, kNotGiven);
    handed_.assign(column_of_.size(), not_given);
    for (std::size_t column = 0; column < width; ++column) handed_[given_[column]] = gathered_.data() + column * stride;
    return handed_.data();
}

}  // namespace penstock::guests
