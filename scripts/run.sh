#!/usr/bin/env bash
# A living plant on this machine. See --help.
# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
source scripts/lib/packages.sh

usage() {
  cat <<'HELP'
usage: scripts/run.sh [--speed N] [--terminal] [--for SECONDS] [--help]

Installs what is missing (Debian 12), builds, and starts a simulated waterworks, its server and a station; without a display, an
overview in the terminal. Ctrl-C, or closing the station, stops all of it. The plant's data are kept in
${XDG_STATE_HOME:-~/.local/state}/penstock/demo; delete that folder to start afresh.

  --speed N       the plant's time runs N times as fast, 1 to 100 (default 10: a day in two and a half hours)
  --terminal      the overview in the terminal even where there is a display
  --for SECONDS   stop by itself after that time
HELP
}

speed=10
terminal=no
seconds=
while [ $# -gt 0 ]; do
  case $1 in
    --speed | --for)
      [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || die "$1 wants a whole number above 0, found \"${2:-}\""
      if [ "$1" = --speed ]; then speed=$2; else seconds=$2; fi
      shift
      ;;
    --terminal) terminal=yes ;;
    --help | -h) usage && exit 0 ;;
    *) usage >&2 && die "unknown option $1" ;;
  esac
  shift
done

bin=build/release/bin
state=${XDG_STATE_HOME:-$HOME/.local/state}/penstock/demo
link=unix:$state/data/penstock.sock
names=()
pids=()
helpers=()

# Last started, first stopped; each is asked once, and killed if it does not go within 10 s.
stop_all() {
  local i pid
  trap - EXIT INT TERM
  [ "${#helpers[@]}" -eq 0 ] || kill "${helpers[@]}" 2>/dev/null || true
  [ "${#pids[@]}" -eq 0 ] && return 0
  say ""
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    pid=${pids[$i]}
    kill -0 "$pid" 2>/dev/null || continue
    say "stopping ${names[$i]}"
    kill -TERM "$pid" 2>/dev/null || true
    timeout 10 tail --pid="$pid" -f /dev/null || {
      complain "${names[$i]} did not stop within 10 s; killing it"
      kill -KILL "$pid" 2>/dev/null || true
    }
  done
  wait || true
  say "All stopped. What the programs said is in $state/*.log"
}
trap stop_all EXIT
trap 'exit 0' INT  # the usual way to end this
trap 'exit 143' TERM

# start NAME COMMAND...: in a session of its own, so that the terminal's Ctrl-C reaches this script alone and the order of stopping holds.
start() {
  local name=$1
  shift
  [ -x "$1" ] || die "$1 is missing: this tree does not build it yet, or its build failed above"
  setsid "$@" > "$state/$name.log" 2>&1 < /dev/null &
  names+=("$name")
  pids+=("$!")
}

# in_background COMMAND...: what is no program of the plant: ended at once, before them. Bash runs traps only while it waits, not while
# a command runs in the foreground.
in_background() {
  "$@" &
  helpers+=("$!")
}

# wait_for NAME PATTERN: until NAME's log has a line that matches; says its last words if it ends first.
wait_for() {
  local name=$1 pattern=$2 pid=${pids[-1]} tries
  for ((tries = 0; tries < 600; tries++)); do
    grep -Eqs "$pattern" "$state/$name.log" && return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$state/$name.log" >&2
  die "$name did not get as far as \"$pattern\"; its last words are above"
}

# One screenful of the plant, every second.
overview() {
  while "$bin/penstock" --server "$link" tags > /dev/null 2>&1; do
    printf '\033[H\033[2J'
    "$bin/penstock" --server "$link" read "${overview_tags[@]}" || true
    try_next
    sleep 1
  done
}

try_next() {
  cat <<TRY

Try, in another terminal:
  $bin/penstock tags                        what there is
  $bin/penstock watch 'clear_tank.*'        follow some of it
  $bin/penstock write clear_tank.level_setpoint 4.2
  $bin/penstock explain clear_tank.level    where a value comes from
  $bin/penstock history clear_tank.level --from -5m --plot
  $bin/penstock status                      the server, its devices and its memory
  $bin/plantsim fault leak --port ${plant##*:}       a pipe bursts; "plantsim --help" lists the faults, "clear" ends them
  $bin/penstock alarms                      what that leads to; then: ack ID, explain ALARM
Ctrl-C here stops everything.
TRY
}

say "Packages"
install_packages "${packages_build[@]}" "${packages_station[@]}"
say "Programs (the first build takes some minutes)"
build release programs
mkdir -p "$state"

say "Starting the plant, at $speed times its speed"
start plantsim "$bin/plantsim" --port 0 --speed "$speed"
wait_for plantsim '^listening '
plant=$(sed -n 's/^listening //p' "$state/plantsim.log" | head -n 1)

say "Starting the server, polling the plant at $plant"
root_words=()
[ "$(id -u)" -ne 0 ] || root_words=(--allow-root)
start server "$bin/penstock-server" --data "$state/data" --site config/waterworks --set "plc_endpoint=$plant" "${root_words[@]}"
wait_for server '^ready'

overview_tags=(
  intake.flow raw_tank.level filters.flow dosing.residual clear_tank.level clear_tank.level_setpoint
  network.pressure network.pressure_setpoint network.flow pressure_pump_1.running pressure_pump_2.running pressure_pump_3.running
)
try_next
[ -z "$seconds" ] || in_background bash -c "sleep $seconds && kill -INT $$"
if [ "$terminal" = no ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ -x "$bin/penstock-client" ]; then
  say "Starting the station"
  start station "$bin/penstock-client" "$link"
  shown=${pids[-1]}
else
  if [ -t 1 ]; then in_background overview; else in_background "$bin/penstock" --server "$link" watch '*'; fi
  shown=${helpers[-1]}
fi

# Until the station is closed or, which is no good end, one of the others stops by itself.
code=0
wait -n -p ended "$shown" "${pids[@]}" || code=$?
for i in "${!pids[@]}"; do
  if [ "${pids[$i]}" = "$ended" ] && { [ "$ended" != "$shown" ] || [ "$code" -ne 0 ]; }; then
    tail -n 20 "$state/${names[$i]}.log" >&2
    die "${names[$i]} stopped by itself (exit code $code); its last words are above"
  fi
done
