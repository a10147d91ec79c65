# shellcheck shell=bash disable=SC2034
# Which Debian 12 packages Penstock needs, and how they get onto the machine. Source after common.sh.

packages_build=(
  clang-19 lld-19 cmake ninja-build ccache pkg-config
  libboost1.81-dev nlohmann-json3-dev libspdlog-dev libfmt-dev libcli11-dev libvalijson-dev libssl-dev libsodium-dev
  libmodbus-dev libsqlite3-dev
)
packages_station=(libimgui-dev libglfw3-dev libfreetype-dev libstb-dev libopenal-dev libgl-dev libgl1-mesa-dri fonts-noto-core fonts-dejavu-core)
packages_test=(
  clang-format-19 clang-tidy-19 libclang-rt-19-dev g++-12 libgtest-dev libgmock-dev libbenchmark-dev shellcheck
  python3 python3-pymodbus python3-serial python3-serial-asyncio mbpoll sqlite3 xvfb xauth xdotool procps iproute2
)

missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s\n' "$package"
  done
}

# install_packages PACKAGE...: quick if all are there. As a plain user it asks sudo.
install_packages() {
  local missing as_root=()
  command -v dpkg-query >/dev/null || die "this is not Debian; install by hand: $*"
  mapfile -t missing < <(missing_packages "$@")
  if [ "${#missing[@]}" -eq 0 ]; then
    say "all $# packages are installed"
    return 0
  fi
  say "installing ${#missing[@]} packages: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "needs root to install; run as root: apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}
