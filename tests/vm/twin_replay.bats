#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A trace of somebody else's driver, replayed as a twin: the driver is content with it, and what it does otherwise is told.
#
# where: host
# qemu-at-least: 10.1
# usually: 6.1

load ../lib/common

setup() {
	folder=$(mktemp -d /tmp/pcietool-twin-XXXXXX)
	twin=
}

teardown() {
	[[ -z $twin ]] || kill "$twin" 2>/dev/null || true
	rm -rf "$folder"
}

port='-device pcie-root-port,id=rp1,chassis=1,slot=1'

# guest NAME QEMU-ARGUMENTS SCRIPT: its /vmout is $folder/NAME
guest() {
	run "$TOP/tests/vm/run" -k "$VM_KERNEL" -o "$folder/$1" -q "$port" -q "$2" -- bash -ec "$3"
	[ "$status" -eq 0 ]
}

# replay TRACE: one guest's driver against it; the twin's exit status in $status
replay() {
	local memory='-object memory-backend-memfd,id=ram,size=2G,share=on -machine memory-backend=ram'
	pcietool twin serve --socket "$folder/s" --config "$folder/record/config" --bar 0=128k --bar 1=128k --bar 2=32 \
		--bar 3=16k --replay "$1" >"$folder/out" 2>"$folder/err" 3>&- &
	twin=$!
	until_true grep -q . "$folder/out"
	guest play "$memory -device {\"driver\":\"vfio-user-pci\",\"bus\":\"rp1\",\"socket\":{\"path\":\"$folder/s\",\"type\":\"unix\"}}" \
		'modprobe e1000e; ls -d /sys/bus/pci/drivers/e1000e/0000:*; dmesg >/vmout/log'
	status=0
	kill "$twin"
	wait "$twin" || status=$?
	twin=
}

# What the driver said of the device.
said() {
	sed -n 's/^.* e1000e 0000/0000/p' "$folder/$1/log"
}

@test "e1000e's driver probes its own recording to the same point; a write that is another one is told" {
	# shellcheck disable=SC2016 # the guest's shell's
	guest record '-device e1000e,romfile=,bus=rp1' '
		mount -t tracefs tracefs /sys/kernel/tracing
		pcietool -d 8086:10d3 config save -o /vmout/config
		pcietool -d 8086:10d3 trace record -o /vmout/trace -- modprobe e1000e
		dmesg >/vmout/log'
	replay "$folder/record/trace"
	cat "$folder/err"
	assert_equal "$status" 0
	said record | grep 'Network Connection'
	assert_equal "$(said play)" "$(said record)"
	# the first write to BAR 0 of all, with another value
	line=$(grep -n ' 0:0x.* W 32 ' "$folder/record/trace" | sed -n '1s/:.*//p')
	sed -i "${line}s/0x.\{8\}\$/0xdeadbeef/" "$folder/record/trace"
	replay "$folder/record/trace"
	assert_equal "$status" 8
	grep -q "expected was W 0:0x[0-9a-f]* 0xdeadbeef, line $line\$" "$folder/err"
	# and the driver came as far as before
	assert_equal "$(said play)" "$(said record)"
}
