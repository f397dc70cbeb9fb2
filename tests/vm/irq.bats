#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Interrupts: enabled, counted, waited for; and why a wait was in vain.
#
# also: arm64
# qemu: -device edu -device e1000e,romfile= -device rtl8139,romfile=

# shellcheck disable=SC2030,SC2031,SC2154 # a test is a process of its own; bats sets stderr
load ../lib/common
load ../lib/guest

setup() {
	edu=$(bdf_of 1234:11e8)
	export PCIETOOL_DEVICE=$edu
	pcietool driver bind
}

teardown() {
	pcietool driver release || true
	setpci -s "$edu" COMMAND=2:406
}

# edu: bits written to 0x60 raise its interrupt, to 0x64 take it back; QEMU's docs/specs/edu.txt
# also: debug rt
raise() {
	pcietool regs write 0x60=1
}

acknowledge() {
	pcietool regs write 0x64=1
}

count() {
	pcietool irq list --json | jq ".vectors[${1:-0}].count"
}

bus_master() {
	pcietool -q config write COMMAND="$1":4
}

@test "not enabled: said, with the command that helps" {
	run_tool irq list --json
	assert_exit 0
	assert_json .type none
	assert_json '.vectors | length' 0
	for verb in 'wait --timeout 0s' 'wait --since 5 --timeout 0s' disable; do
		# shellcheck disable=SC2086 # several words
		run_tool irq $verb
		assert_exit 1
		assert_err 'not enabled'
		assert_err 'irq enable'
	done
}

@test "not bound to the helper: exit 6, and how to bind it" {
	pcietool driver release
	for verb in 'irq list' 'irq enable' 'irq wait' 'irq disable' 'dma list' 'dma alloc --name x 4k'; do
		# shellcheck disable=SC2086 # several words
		run_tool $verb
		assert_exit 6
		assert_err 'driver bind'
	done
}

@test "not root: exit 4" {
	run --separate-stderr setpriv --reuid 65534 --clear-groups "$BUILD/pcietool" irq list
	assert_exit 4
	assert_err 'run as root'
}

@test "MSI: enabled once, with a warning while bus mastering is off" {
	run_tool irq enable --type msi
	assert_exit 0
	assert_output ''
	assert_err 'bus mastering is off'
	assert_err 'COMMAND=0x4:0x4'
	run_tool irq enable --type msi
	assert_exit 1
	assert_err already
	assert_err 'irq disable'
	run_tool irq enable --type intx
	assert_exit 1
	assert_err 'MSI is enabled'
	run_tool irq list --json
	assert_json .schema pcietool/irq-list/1
	assert_json .type msi
	assert_json '.vectors[0] | "\(.vector) \(.type) \(.count)"' '0 msi 0'
	[[ -d /proc/irq/$(json '.vectors[0].linux_irq') ]]
	run_tool irq list
	assert_output --partial 'count 0'
	pcietool irq disable
	run_tool irq enable
	assert_exit 0
	run_tool irq list --json
	assert_json .type msi
}

@test "MSI: a wait that began before, and --since for what came before the wait" {
	bus_master 4
	pcietool irq enable --type msi
	pcietool irq wait --timeout 20s >"$BATS_TEST_TMPDIR/one" 3>&- &
	first=$!
	pcietool irq wait --json --timeout 20s >"$BATS_TEST_TMPDIR/two" 3>&- &
	second=$!
	until_true waits "$first"
	until_true waits "$second"
	raise
	wait $first
	wait $second
	assert_equal "$(<"$BATS_TEST_TMPDIR/one")" 1
	assert_equal "$(jq -r '"\(.vector) \(.since) \(.count)"' "$BATS_TEST_TMPDIR/two")" '0 0 1'
	acknowledge
	raise
	acknowledge
	assert_equal "$(count)" 2
	run_tool irq wait --since 1 --timeout 0s
	assert_exit 0
	assert_output 2
	run_tool irq wait --since 0
	assert_exit 0
	assert_output 2
	run_tool irq wait --since 2 --timeout 0s
	assert_exit 7
	run_tool irq wait --since 18446744073709551615 --timeout 10ms
	assert_exit 7
	run_tool irq wait --timeout 10ms --json
	assert_exit 7
	assert_json .error.exit 7
	assert_json .error.code timeout
}

@test "they are timed: each is raised once, and acknowledged; one that does not come ends it" {
	bus_master 4
	pcietool irq enable --type msi
	run_tool --json bench irq 0x60=1 0x64=1 --count 50 --hgrm "$BATS_TEST_TMPDIR/times.hgrm"
	assert_exit 0
	jq -e '.count == 50 and .vector == 0 and (.interrupt | .minimum_ns > 0 and .minimum_ns <= .median_ns and
		.median_ns <= .p99_ns and .p99_ns <= .maximum_ns and (.histogram | map(.count) | add) == 50)' <<<"$output"
	assert_equal "$(pcietool irq list --json | jq .vectors[0].count)" 51
	assert_equal "$(awk '$2 == 1 {print $1 + 0, $3}' "$BATS_TEST_TMPDIR/times.hgrm")" "$(jq .interrupt.maximum_ns <<<"$output") 50"
	echo "$output" >"$BATS_TEST_TMPDIR/times"
	run_tool --json bench compare "$BATS_TEST_TMPDIR/times" "$BATS_TEST_TMPDIR/times" --worse-than 0
	assert_exit 0
	assert_json '"\(.verb) \(.b.subject) \(.series[0].points | map(.ratio) | unique)"' 'bench irq 0x60=1 [1]'
	run_tool --json bench irq 0x60=1 0x64=1 --count 50 --spin
	assert_exit 0
	assert_json '[.count, .spins, .interrupt.minimum_ns > 0] | tojson' '[50,true,true]'
	assert_equal "$(pcietool irq list --json | jq .vectors[0].count)" 102
	run_tool bench irq 0x4=1 --timeout 50ms --spin
	assert_exit 7
	assert_err 'no interrupt of vector 0 came for 50 ms; 0 had come before'
	run_tool bench irq 0x4=1 --timeout 50ms
	assert_exit 7
	assert_err 'after 0x4=1 no interrupt of vector 0 came for 50 ms; 0 had come before'
	pcietool irq disable
	# a line that is masked each time it comes
	pcietool irq enable --type intx
	for how in '' --spin; do
		# shellcheck disable=SC2086 # nothing, or an option
		run_tool --json bench irq 0x60=1 0x64=1 --count 5 $how
		assert_exit 0
		assert_json .count 5
	done
	assert_equal "$(pcietool irq list --json | jq .vectors[0].count)" 12
	pcietool irq disable
	run_tool bench irq 0x60=1
	assert_exit 1
	assert_err 'interrupts are not enabled'
	pcietool regs write 0x64=1
}

@test "a script loses no interrupt between reading the count and waiting" {
	bus_master 4
	pcietool irq enable --type msi
	for round in 1 2 3 4 5; do
		n=$(count)
		raise
		acknowledge
		echo "round $round"
		run_tool irq wait --since "$n" --timeout 5s
		assert_exit 0
		assert_output $((n + 1))
	done
}

@test "a vector that is not there: exit 6" {
	pcietool irq enable --type msi
	run_tool irq wait --vector 1 --timeout 0s
	assert_exit 6
	assert_err 'only vector 0 is enabled'
	run_tool irq wait --vector 2047 --since 0 --timeout 0s
	assert_exit 6
	pcietool irq disable
	run_tool irq enable --type msi --vectors 2
	assert_exit 6
	run_tool irq enable --type msix
	assert_exit 6
	assert_err MSI-X
}

@test "INTx: masked when it came, armed again by the next wait" {
	run_tool irq enable --type intx
	assert_exit 0
	refute_err 'bus mastering'
	raise
	run_tool irq wait --since 0 --timeout 5s
	assert_exit 0
	assert_output 1
	# still asserted, and masked: no storm
	sleep 0.2
	assert_equal "$(count)" 1
	acknowledge
	n=$(count)
	pcietool irq wait --timeout 20s >"$BATS_TEST_TMPDIR/out" 3>&- &
	until_true waits $!
	raise
	wait $!
	assert_equal "$(<"$BATS_TEST_TMPDIR/out")" $((n + 1))
	acknowledge
	pcietool irq disable
	raise
	acknowledge
	run_tool irq enable --type intx
	assert_exit 0
	assert_equal "$(count)" 0
}

@test "a wait in vain: bus mastering off" {
	pcietool -q irq enable --type msi
	raise
	run_tool irq wait --since 0 --timeout 200ms
	assert_exit 7
	assert_err 'bus mastering is off'
	assert_err 'COMMAND=0x4:0x4'
	acknowledge
}

@test "a wait in vain: MSI disabled in the device" {
	bus_master 4
	pcietool irq enable --type msi
	setpci -s "$edu" CAP_MSI+2.w=0:1
	raise
	run_tool irq wait --timeout 200ms
	assert_exit 7
	assert_err 'MSI is disabled'
	refute_err 'bus mastering is off'
	acknowledge
}

@test "a wait in vain: INTx disabled, INTx asserted" {
	pcietool irq enable --type intx
	setpci -s "$edu" COMMAND=400:400
	raise
	# not 'irq wait': that arms INTx again
	run_tool regs wait '0x0==1' --timeout 100ms
	assert_exit 7
	assert_err 'INTx is disabled'
	assert_err 'INTx is asserted'
	acknowledge
}

@test "INTx that was disabled by hand: the next wait arms it, and what is asserted then counts" {
	pcietool irq enable --type intx
	setpci -s "$edu" COMMAND=400:400
	raise
	run_tool irq wait --since 0 --timeout 5s
	assert_exit 0
	assert_output 1
	acknowledge
}

@test "regs wait tells the reason, too" {
	run_tool regs wait '0x0==1' --timeout 50ms
	assert_exit 7
	assert_err 'bus mastering is off'
}

@test "unbound while it is waited for: exit 5" {
	bus_master 4
	pcietool irq enable --type msi
	pcietool irq wait --timeout 20s 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	until_true waits $!
	echo "$edu" >"/sys/bus/pci/drivers/pcietool/unbind"
	status=0
	wait $! || status=$?
	cat "$BATS_TEST_TMPDIR/err"
	assert_equal "$status" 5
	grep unbound "$BATS_TEST_TMPDIR/err"
}

@test "disabled while it is waited for: exit 1" {
	bus_master 4
	pcietool irq enable --type msi
	pcietool irq wait --timeout 20s 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	until_true waits $!
	pcietool irq disable
	status=0
	wait $! || status=$?
	assert_equal "$status" 1
	grep 'not enabled' "$BATS_TEST_TMPDIR/err"
}

@test "Ctrl-C and SIGTERM end a wait at once, and the counts go on" {
	bus_master 4
	pcietool irq enable --type msi
	for signal in INT TERM; do
		env --default-signal=INT pcietool irq wait 3>&- &
		pid=$!
		until_true waits $pid
		kill -$signal $pid
		status=0
		wait $pid || status=$?
		assert_equal "$status" $((128 + $(kill -l $signal)))
	done
	raise
	run_tool irq wait --since 0 --timeout 5s
	assert_output 1
	acknowledge
}

# Raises cause VECTOR of e1000e, which is routed to that vector: one interrupt. QEMU 11.1 sends the message once more
# when the vector's interval of 128 us (EITR) is over, 7.2 does not; so two would meet in the pending bit of the vector,
# which is masked meanwhile. The trace says that the second was sent.
raise_msix() { # VECTOR
	local control=3:$((16 * $1 + 12)) left=25 start line
	[[ ${VM_QEMU%%.*} -ge 8 ]] || left=2
	start=$(stat -c %s /vmout/trace)
	pcietool regs write "$control=1" 0xd0=0x01f00000 0xc8=$((1 << (20 + $1)))
	while ((left-- > 0)); do
		line=$(tail -c "+$((start + 1))" /vmout/trace)
		[[ $line != *postponed* ]] || break
		sleep 0.04
	done
	pcietool regs write "$control=0"
}

# e1000e: IVAR routes causes to vectors, ICS raises causes, IMS lets them through, EIAC clears them by
# themselves; Intel 82574 data sheet, section 10.2.4
@test "MSI-X: several vectors, each with a count of its own" {
	card=$(bdf_of 8086:10d3)
	export PCIETOOL_DEVICE=$card
	pcietool driver bind
	pcietool -q config write COMMAND=6:6
	pcietool irq enable --type msix
	assert_equal "$(pcietool irq list --json | jq -r '.type, (.vectors | length)' | tr '\n' ' ')" 'msix 5 '
	pcietool regs write 0xe4=0x000cba98 0xdc=0x01f00000
	hmp 'trace-event e1000e_irq_msix_notify_postponed_vec on'
	run_tool irq list --json
	before=$output
	for vector in 0 1 2 3 4 1 1 3; do
		n=$(count $vector)
		raise_msix "$vector"
		run_tool irq wait --vector "$vector" --since "$n" --timeout 5s
		assert_exit 0
		assert_output $((n + 1))
	done
	assert_equal "$(pcietool irq list --json | jq -c --argjson b "$before" '[.vectors, $b.vectors] | transpose |
		map(.[0].count - .[1].count)')" '[1,3,1,2,1]'
	assert_equal "$(pcietool irq list --json | jq '[.vectors[].linux_irq] | unique | length')" 5
	run_tool irq wait --vector 2 --timeout 50ms
	assert_exit 7
	setpci -s "$card" CAP_MSIX+2.w=4000:4000
	run_tool irq wait --vector 2 --timeout 50ms
	assert_exit 7
	assert_err 'MSI-X is masked'
	pcietool irq disable
	run_tool irq enable --type msix --vectors 2
	assert_exit 0
	run_tool irq list --json
	assert_json '.vectors | length' 2
	pcietool irq disable
	run_tool irq enable --type msix --vectors 6
	assert_exit 6
	# the table is in a BAR
	pcietool config write COMMAND=0:2
	run_tool irq enable --type msix
	assert_exit 1
	assert_err 'BAR 3: memory decoding is off'
	pcietool driver release
}

@test "a device with INTx only" {
	export PCIETOOL_DEVICE=10ec:8139
	pcietool driver bind
	run_tool irq enable --type msi
	assert_exit 6
	run_tool irq enable
	assert_exit 0
	run_tool irq list --json
	assert_json .type intx
	pcietool driver release
}

@test "a suspended machine's waits go on: all processes are frozen and thawed" {
	local pid
	[[ -w /sys/power/pm_test ]] || skip 'a kernel without CONFIG_PM_DEBUG'
	bus_master 4
	pcietool irq enable --type msi
	pcietool irq wait --timeout 60s >"$BATS_TEST_TMPDIR/out" 3>&- &
	pid=$!
	until_true waits "$pid"
	# no further, and for a second: Documentation/power/basic-pm-debugging.rst
	echo 1 >/sys/module/suspend/parameters/pm_test_delay
	echo freezer >/sys/power/pm_test
	echo freeze >/sys/power/state
	echo none >/sys/power/pm_test
	kill -0 "$pid"
	raise
	wait "$pid"
	assert_equal "$(<"$BATS_TEST_TMPDIR/out")" 1
	acknowledge
}
