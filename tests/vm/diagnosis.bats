#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Links, errors and config space of real kernels' devices; errors come from QEMU's monitor.
#
# qemu: -device pcie-root-port,id=rp1,chassis=1,slot=1 -device virtio-net-pci,id=net0,bus=rp1,aer=on,romfile=
# qemu: -device pcie-root-port,id=rp2,chassis=2,slot=2 -device e1000e,id=net1,bus=rp2,romfile=
# qemu: -device pcie-root-port,id=rp3,chassis=3,slot=3
# qemu: -device ioh3420,id=rp4,chassis=4,slot=4 -device x3130-upstream,id=up,bus=rp4
# qemu: -device xio3130-downstream,id=dp1,bus=up,chassis=5,slot=5 -device edu,bus=dp1
# qemu: -device xio3130-downstream,id=dp2,bus=up,chassis=6,slot=6
# usually: 6.12

load ../lib/common
load ../lib/guest

setup_file() {
	net=$(bdf_of 1af4:1041)
	port=$(basename "$(dirname "$(realpath "/sys/bus/pci/devices/$net")")")
	e1000e=$(bdf_of 8086:10d3)
	edu=$(bdf_of 1234:11e8)
	export net port e1000e edu
}

# --- config space --------------------------------------------------------------------------------

@test "config show: every device, field by field as lspci -vv has it" {
	lspci -xxxx >"$BATS_TEST_TMPDIR/dump"
	local device bad=0
	for device in /sys/bus/pci/devices/*; do
		run_tool -s "${device##*/}" config show -j
		assert_exit 0
		assert_json '[.blocks[].registers[] | select(.value == null)] | length' 0
	done
	run_tool config dump --all
	assert_exit 0
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/ours"
	diff <(grep '^[0-9a-f]*: ' "$BATS_TEST_TMPDIR/dump") <(grep '^[0-9a-f]*: ' "$BATS_TEST_TMPDIR/ours") || bad=1
	assert_equal $bad 0
	diff <(lspci -F "$BATS_TEST_TMPDIR/ours" -vvnn) <(lspci -F "$BATS_TEST_TMPDIR/dump" -vvnn)
}

@test "config show: a root port's names against lspci -vv on the device itself" {
	python3 "$TOP/tests/lib/lspci_live.py" "$(command -v pcietool)" "$port" "$TOP/tests/vm/express.compare"
	python3 "$TOP/tests/lib/lspci_live.py" "$(command -v pcietool)" "$net" "$TOP/tests/vm/express.compare"
}

@test "config write by name: one field of a real device, and no other bit" {
	local before
	before=$(setpci -s "$e1000e" COMMAND)
	run_tool -s "$e1000e" config write COMMAND.SERR=1
	assert_exit 0
	assert_equal "$(setpci -s "$e1000e" COMMAND)" "$(printf '%04x' $((0x$before | 0x100)))"
	run_tool -s "$e1000e" config write COMMAND.SERR=0
	assert_equal "$(setpci -s "$e1000e" COMMAND)" "$(printf '%04x' $((0x$before & ~0x100)))"
}

@test "config restore: a device that lost its settings has them again" {
	run_tool -s "$edu" config save -o "$BATS_TEST_TMPDIR/saved"
	assert_exit 0
	local bar
	bar=$(setpci -s "$edu" BASE_ADDRESS_0)
	setpci -s "$edu" COMMAND=0 BASE_ADDRESS_0=0 INTERRUPT_LINE=77
	run_tool -s "$edu" config diff "$BATS_TEST_TMPDIR/saved"
	assert_exit 8
	run_tool -s "$edu" config restore "$BATS_TEST_TMPDIR/saved"
	assert_exit 0
	assert_equal "$(setpci -s "$edu" BASE_ADDRESS_0)" "$bar"
	run_tool -s "$edu" config diff "$BATS_TEST_TMPDIR/saved"
	assert_exit 0
	run_tool -s "$e1000e" config restore "$BATS_TEST_TMPDIR/saved" --force
	assert_exit 8
}

@test "config show: without rights the header, and the reason for the rest" {
	run setpriv --reuid=65534 --regid=65534 --clear-groups timeout 20 pcietool -s "$net" config show
	assert_success
	assert_line --regexp '^  COMMAND '
	assert_line --partial 'needs root'
}

@test "config write is refused, with the reason, where a device went away" {
	local gone
	gone=$(bdf_of 1b36:000c 2)
	echo 1 >"/sys/bus/pci/devices/$gone/remove"
	run_tool -s "$gone" config show
	assert_exit 3
	echo 1 >/sys/bus/pci/rescan
	run_tool -s "$gone" config show
	assert_exit 0
}

# --- topology and links --------------------------------------------------------------------------

@test "list --tree: the kernel's own idea of what is above what" {
	run_tool list --tree -j -n
	assert_exit 0
	local document=$output device parent
	for device in /sys/bus/pci/devices/*; do
		parent=$(basename "$(dirname "$(realpath "$device")")")
		[[ $parent == pci* ]] && parent=null
		assert_equal "$(jq -r --arg a "${device##*/}" '.devices[] | select(.address == $a) | .parent' <<<"$document")" "$parent"
	done
	run_tool list --tree -n
	assert_line --regexp "^.- \[2\.5GT/s x1.*\] $net "
}

@test "link show: speed and width as the kernel's files have them" {
	run_tool -s "$net" link show
	assert_exit 0
	assert_line --index 0 "$port -> $net: ok"
	assert_line --partial '2.5GT/s x1, 0.250 GB/s'
	run_tool -s "$port" link show
	assert_line --index 0 "$port -> $net: ok"
	run_tool link show
	assert_exit 0
	assert_line --partial "$port -> $net"
}

@test "link show: unprivileged, the same verdict" {
	run setpriv --reuid=65534 --regid=65534 --clear-groups timeout 20 pcietool -s "$net" link show
	assert_success
	assert_line --index 0 "$port -> $net: ok"
	assert_line --partial '2.5GT/s x1'
}

@test "link retrain: the link is up again" {
	run_tool -s "$net" link retrain
	assert_exit 0
	assert_output --partial "$port -> $net: 2.5GT/s x1"
}

@test "link retrain: no partner is exit 7 with what the slot says, or the port has no link to speak of" {
	local empty
	empty=$(bdf_of 1b36:000c 2)
	run_tool -s "$empty" link retrain --timeout 200ms
	[[ $status -eq 7 ]]
	assert_err 'no card is in it'
}

@test "link speed: more than the device can is refused" {
	run_tool -s "$net" link speed 5
	assert_exit 6
	assert_err 'it cannot do 32 GT/s'
}

@test "link aspm: what lspci has; an emulated end, whose Link Control is read-only, does not take it and is left as it was" {
	local can
	can=$(lspci -vvs "$e1000e" | sed -n 's/.*LnkCap:.* ASPM \([^,]*\),.*/\1/p')
	assert_equal "$can" L0s
	run_tool -s "$e1000e" link aspm show -j
	assert_exit 0
	assert_json '.ends[1] | [.address, (.on | length), (.possible | join(" "))] | tojson' "[\"$e1000e\",0,\"l0s\"]"
	assert_json .kernel_policy "$(sed 's/.*\[\(.*\)\].*/\1/' /sys/module/pcie_aspm/parameters/policy)"
	run_tool -s "$e1000e" link aspm l0s
	assert_exit 8
	assert_err 'did not take the setting of ASPM'
	run_tool -s "$e1000e" link aspm off
	assert_exit 0
	run_tool -s "$e1000e" link aspm l1
	assert_exit 6
}

@test "link watch: nothing changes on a healthy link" {
	run_tool -s "$net" link watch --timeout 300ms
	assert_exit 0
	assert_line --regexp '^samples [0-9]+, transitions 0$'
}

@test "link disable: refused while a driver is bound" {
	run_tool -s "$net" link disable
	assert_exit 4
	assert_err 'virtio-pci is bound'
}

# --- errors --------------------------------------------------------------------------------------

@test "aer show: nothing at first, and the kernel owns the errors or does not say" {
	run_tool -s "$net" aer clear
	run_tool -s "$net" aer show -j
	assert_exit 0
	assert_json '.ends[1].uncorrectable.errors | length' 0
	assert_json '.ends[1].counters.nonfatal.total' 0
	[[ $(json .owner) == kernel || $(json .owner) == null ]]
}

@test "aer show and watch: an injected error is seen at both ends, in registers and counters" {
	setpci -s "$net" COMMAND=100:100
	setpci -s "$port" COMMAND=100:100
	env --default-signal=INT pcietool -s "$net" aer watch --interval 100ms >"$BATS_TEST_TMPDIR/watch" 3>&- &
	pid=$!
	until_true watches $pid
	hmp 'pcie_aer_inject_error net0 POISON_TLP 0x40000001 0x0000000f 0xfee00000 0x0'
	until_true grep -q "$net nonfatal poisoned_tlp +1, now 1" "$BATS_TEST_TMPDIR/watch"
	run_tool -s "$net" aer show -j
	assert_exit 0
	assert_json '.ends[1].counters.nonfatal.types.poisoned_tlp' 1
	assert_json '.ends[0].counters.received_nonfatal' 1
	kill -INT $pid
	wait $pid
	cat "$BATS_TEST_TMPDIR/watch"
	grep -q "$net nonfatal poisoned_tlp +1, now 1" "$BATS_TEST_TMPDIR/watch"
}

@test "aer show: what is logged, with the packet; aer clear clears it" {
	# QEMU logs a packet for it without the capability that would say so
	hmp 'pcie_aer_inject_error net0 COMP_TIME 0x40000001 0x0000000f 0xfee00000 0x0'
	run_tool -s "$net" aer show -j
	assert_json '.ends[1].uncorrectable.errors[] | select(.first) | .name' COMP_TIMEOUT
	assert_json '.ends[1].tlp_reason' 'the device does not log the TLP of a completion timeout'
	run_tool -s "$net" aer clear
	hmp 'pcie_aer_inject_error net0 COMP_ABORT 0x40000001 0x0000000f 0xfee00000 0x0'
	run_tool -s "$net" aer show -j
	assert_json '.ends[1].uncorrectable.errors[] | select(.first) | .name' COMP_ABORT
	# QEMU's log has the bytes of each word the other way round: what lspci shows of it is the same
	assert_equal "$(json '.ends[1].tlp.header | map(.[2:]) | join(" ")')" \
		"$(lspci -s "$net" -vv | sed -n 's/.*HeaderLog: //p')"
	run_tool -s "$net" aer clear
	assert_exit 0
	run_tool -s "$net" aer show -j
	assert_json '.ends[1].uncorrectable.errors | length' 0
	assert_equal "$(setpci -s "$net" ECAP_AER+4.l)" 00000000
}

@test "aer mask: a register that takes it; one that does not is said, not believed" {
	local before
	before=$(setpci -s "$net" ECAP_AER+14.l)
	run_tool -s "$net" aer mask BAD_TLP -- setpci -s "$net" ECAP_AER+14.l
	assert_exit 0
	assert_output "$(printf '%08x' $((0x$before | 0x40)))"
	assert_equal "$(setpci -s "$net" ECAP_AER+14.l)" "$before"
	run_tool -s "$net" aer mask POISONED_EGRESS
	assert_exit 6
	assert_err 'it reads'
}
