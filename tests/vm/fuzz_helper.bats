#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Random calls to the kernel helper, $FUZZ_CALLS of them; the seed is printed, and $FUZZ_SEED repeats it. The last test,
# that of the kernel's log, is the one that finds something; the debug kernel's is the one to look at.
#
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device edu,bus=rp1
# cpus: 2
# timeout: 14400
# test-timeout: 7200
# also: debug

# shellcheck disable=SC2154 # bats sets output
load ../lib/common

setup() {
	edu=$(bdf_of 1234:11e8)
	seed=${FUZZ_SEED:-$RANDOM$RANDOM}
	echo "# seed $seed" >&3
}

# fuzz THREADS CALLS
fuzz() {
	pcietool -s "$edu" driver bind
	run "$BUILD/tests/vm/fuzz_helper" "/dev/pcietool/$edu" "/sys/bus/pci/devices/$edu" "$2" "$seed" "$1"
	echo "# $output" >&3
	assert_success
	# some came through, some were refused
	assert_output --regexp 'worked [1-9][0-9]{2,}, that failed [1-9][0-9]{2,}$'
	# nothing is left of the process; what the binding has is given back
	setpci -s "$edu" COMMAND=2:6
	pcietool -q -s "$edu" irq disable || true
	pcietool -s "$edu" dma free --idle --all
	run pcietool -s "$edu" driver status --json
	assert_equal "$(jq -c '[.helper.bytes_used, .helper.bytes_held]' <<<"$output")" '[0,0]'
	pcietool -s "$edu" driver release
	rmmod pcietool
}

@test "one thread, which a seed repeats" {
	fuzz 1 "$((${FUZZ_CALLS:-10000} / 2))"
}

@test "four threads" {
	fuzz 4 "$((${FUZZ_CALLS:-10000} / 2))"
}
