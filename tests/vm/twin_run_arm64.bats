#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# twin run: the machine that it is on arm64, with a root of its own and emulated, as this machine is another one. What an arm64 host
# does otherwise: it has its own root and kernel, KVM, and builds the helper.
#
# where: host
# kernel: arm64 arm64-newest arm64-16k
# qemu-at-least: 10.1
# test-timeout: 400

load ../lib/common

setup() {
	store=$TOP/build/vm/$VM_KERNEL
	"$TOP/tests/vm/arm64" build
	QEMU=$("$TOP/tests/vm/qemu" aarch64)
	export QEMU TOOL_TIMEOUT=300
	# between the program and its script: another architecture, its root and its programs
	mkdir "$BATS_TEST_TMPDIR/machine"
	cat >"$BATS_TEST_TMPDIR/machine/run" <<-END
		#!/bin/bash
		words=()
		while [[ \$1 != -- ]]; do words+=("\$1") && shift; done
		exec '$TOP/machine/run' "\${words[@]}" --arch aarch64 --root '$("$TOP/tests/vm/arm64" root)' --programs '$BUILD/arm64' "\$@"
	END
	chmod +x "$BATS_TEST_TMPDIR/machine/run"
	export PCIETOOL_MACHINE=$BATS_TEST_TMPDIR/machine
	cd "$TOP" || return
}

@test "COMMAND sees the devices by their names, each at its place; the kernel's release is in its image" {
	# shellcheck disable=SC2016 # the guest's shell's
	run_tool twin run --kernel "$store/vmlinux" --initrd-modules "$store/root/lib/modules/$(<"$store/release")" \
		--config examples/twins/oneshot.config --map examples/twins/oneshot.map --bar 2=1M --model examples/twins/oneshot.lua \
		--twin examples/twins/stream.twin -- sh -c '
		echo "$(uname -m) $(uname -r) $PCIETOOL_DEVICE_1 $PCIETOOL_DEVICE_2"
		pcietool -s $PCIETOOL_DEVICE_1 config read VENDOR_ID DEVICE_ID
		pcietool -s $PCIETOOL_DEVICE_2 config read DEVICE_ID
		pcietool -s $PCIETOOL_DEVICE_1 config write COMMAND=2:2
		pcietool -s $PCIETOOL_DEVICE_1 regs read ID
		pcietool -s $PCIETOOL_DEVICE_1 regs write LENGTH=64 CTRL.START=1
		pcietool -s $PCIETOOL_DEVICE_1 regs wait STATUS.FAULT==1 --timeout 60s
		exit 42'
	assert_exit 42
	assert_output "aarch64 $(<"$store/release") 0000:01:00.0 0000:02:00.0
0x1234
0x5012
0x5013
0x1f500001"
	assert_err 'DMA fault: writing 64 bytes at 0x0: bus mastering is off'
	# without the modules' folder the image says which they are
	run_tool twin run --kernel "$store/vmlinux" --config examples/twins/narrow.config --bar 0=1M -- true
	assert_exit 6
	assert_err "no modules of the kernel at /lib/modules/$(<"$store/release")"
}
