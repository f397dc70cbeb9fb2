# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the benchmarks measure with. Each pair of commands is run in turn, A B A B; a line each: the median ratio of the
# times, the goal, and what was compared.

build=${BUILD:-$PWD/build}
# shellcheck disable=SC2034 # for those who read this file in
bench=$build/tests/bench
export PATH=$build:$PATH
ROUNDS=${ROUNDS:-7}
work=${work:-$(mktemp -d)}

# seconds NAME COMMAND...: appends the wall time in us to the file NAME.
seconds() {
	local name=$1 start end
	shift
	start=$EPOCHREALTIME
	"$@" >/dev/null
	end=$EPOCHREALTIME
	echo $((${end/./} - ${start/./})) >>"$work/$name"
}

# cpu_us NAME COMMAND...: appends the CPU time, user and system, in us.
cpu_us() {
	local name=$1
	shift
	TIMEFORMAT='%U %S'
	{ time "$@" >/dev/null 2>&1; } 2>"$work/time"
	awk '{printf "%d\n", ($1 + $2) * 1000000}' "$work/time" >>"$work/$name"
}

# ratio A B GOAL TEXT: the median of the ratios of each round.
ratio() {
	paste "$work/$1" "$work/$2" |
		awk '$2 > 0 {print $1 / $2}' | sort -g |
		awk -v goal="$3" -v text="$4" '{v[NR] = $1} END {
			printf "%6.2f  (goal %s)  %s\n", v[int((NR + 1) / 2)], goal, text}'
	rm -f "${work:?}/$1" "${work:?}/$2"
}

repeat() {
	local n=$1
	shift
	for ((r = 0; r < n; r++)); do "$@"; done
}
