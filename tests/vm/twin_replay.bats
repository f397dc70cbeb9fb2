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

# replay TRACE SCRIPT BARS...: one guest's script against it; the twin's exit status in $status
replay() {
	local memory='-object memory-backend-memfd,id=ram,size=2G,share=on -machine memory-backend=ram'
	pcietool twin serve --socket "$folder/s" --config "$folder/record/config" --replay "$1" "${@:3}" \
		>"$folder/out" 2>"$folder/err" 3>&- &
	twin=$!
	until_true grep -q . "$folder/out"
	guest play "$memory -device {\"driver\":\"vfio-user-pci\",\"bus\":\"rp1\",\"socket\":{\"path\":\"$folder/s\",\"type\":\"unix\"}}" \
		"$2"
	status=0
	kill "$twin"
	wait "$twin" || status=$?
	twin=
}

replay_e1000e() {
	replay "$1" 'modprobe e1000e; ls -d /sys/bus/pci/drivers/e1000e/0000:*; dmesg >/vmout/log' --bar 0=128k --bar 1=128k \
		--bar 2=32 --bar 3=16k
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
	replay_e1000e "$folder/record/trace"
	cat "$folder/err"
	assert_equal "$status" 0
	said record | grep 'Network Connection'
	assert_equal "$(said play)" "$(said record)"
	# the first write to BAR 0 of all, with another value
	line=$(grep -n ' 0:0x.* W 32 ' "$folder/record/trace" | sed -n '1s/:.*//p')
	sed -i "${line}s/0x.\{8\}\$/0xdeadbeef/" "$folder/record/trace"
	replay_e1000e "$folder/record/trace"
	assert_equal "$status" 8
	grep -q "expected was W 0:0x[0-9a-f]* 0xdeadbeef, line $line\$" "$folder/err"
	# and the driver came as far as before
	assert_equal "$(said play)" "$(said record)"
}

# Interrupts of each kind that edu has, recorded and replayed with the same script.
@test "edu's interrupts come again where a script waited for them: MSI, and INTx" {
	local type
	for type in msi intx; do
		cat >"$folder/script" <<-END
			set -e
			export PCIETOOL_DEVICE=1234:11e8
			pcietool config save -o /vmout/config
			pcietool driver bind
			pcietool config write COMMAND=6:6
			[ -e /vmout/replayed ] || export PCIETOOL_TRACE=/vmout/trace
			pcietool irq enable --type $type
			for value in 1 5 3; do
				n=\$(pcietool irq list --json | jq '.vectors[0].count')
				pcietool regs write 0x60=\$value
				pcietool irq wait --since \$n --timeout 30s
				pcietool regs read 0x24
				pcietool regs write 0x64=\$value
			done
			[ \$(pcietool irq list --json | jq '.vectors[0].count') = 3 ]
		END
		mkdir -p "$folder/play"
		touch "$folder/play/replayed"
		guest record '-device edu,bus=rp1' "$(<"$folder/script")"
		recorded=$output
		grep -c ' I - ' "$folder/record/trace" | grep -x 3
		replay "$folder/record/trace" "$(<"$folder/script")" --bar 0=1M
		cat "$folder/err"
		assert_equal "$status" 0
		assert_equal "$output" "$recorded"
		rm -r "$folder/record"
	done
	assert_line --index 0 1
}
