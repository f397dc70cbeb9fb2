#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# twin run: what is said where no machine can be booted. One that boots: tests/vm/twin_run.bats.

load ../lib/common

TWIN="--config $TOP/examples/twins/narrow.config --bar 0=1M"

setup() {
	bin=$BATS_TEST_TMPDIR/bin
	mkdir -p "$bin"
	# also of a program that is built in a folder of its own
	export PCIETOOL_MACHINE=$TOP/machine
	before=$(folders)
}

# Nothing of it is left, however it ended.
teardown() {
	assert_equal "$(folders)" "$before"
}

folders() {
	find /tmp -maxdepth 1 -name 'pcietool-run-*' -newer "$TOP/Makefile" -user "$(id -u)" | sort
}

# stand_in NAME TEXT: a program that says TEXT
stand_in() {
	printf '#!/bin/sh\necho "%s"\n' "$2" >"$bin/$1"
	chmod +x "$bin/$1"
}

refused() { # STATUS TEXT WORD...
	local status=$1 text=$2
	shift 2
	# shellcheck disable=SC2086 # several words
	run_tool twin run $TWIN "$@"
	assert_exit "$status"
	assert_err "$text"
}

@test "twin run: no QEMU, or one that is too old: what brings it, exit 6" {
	[[ $(uname -m) == x86_64 ]] || skip 'it boots machines of x86-64'
	QEMU=$bin/none refused 6 'there is no QEMU' -- true
	assert_err 'trixie-backports'
	stand_in qemu 'QEMU emulator version 7.2.22 (Debian)'
	QEMU=$bin/qemu refused 6 'QEMU 7.2.22: a twin needs vfio-user-pci, which came with 10.1' -- true
	assert_err 'qemu-system-x86'
	stand_in qemu 'something else'
	QEMU=$bin/qemu refused 6 'of an unknown version' -- true
}

@test "twin run: no busybox, no kernel, no modules, no release, no terminal" {
	[[ $(uname -m) == x86_64 ]] || skip 'it boots machines of x86-64'
	stand_in qemu 'QEMU emulator version 10.1.0'
	export QEMU=$bin/qemu
	refused 6 'no kernel that can be read at /none' --kernel /none --initrd-modules "$bin" -- true
	refused 1 '/none cannot be read' --kernel /none -- true
	refused 2 "does not say which release it is" --kernel "$QEMU" -- true
	refused 6 "no modules of the kernel at $bin" --kernel "$QEMU" --initrd-modules "$bin" -- true
	refused 2 'that needs a terminal' --kernel "$QEMU"
	# a kernel image: its release is at 0x200 and what stands at 0x20e (Linux, boot.rst)
	{ head -c 514 /dev/zero && printf 'HdrS' && head -c 8 /dev/zero && printf '\20\1' && head -c 256 /dev/zero &&
		printf '9.8.7-test (me) #1\0'; } >"$bin/image"
	refused 6 'no modules of the kernel at /lib/modules/9.8.7-test' --kernel "$bin/image" -- true
	# one that is not static starts no guest
	stand_in busybox x
	cp "$(command -v ls)" "$bin/busybox"
	PATH=$bin:$PATH refused 6 'no static busybox' --kernel "$QEMU" -- true
}

# machine_of ARCH: what QEMU was called with on a machine that says it is of that architecture, a word a line
machine_of() {
	local modules=$BATS_TEST_TMPDIR/lib/modules/9.8.7-test
	mkdir -p "$modules"
	: >"$modules/modules.dep"
	# shellcheck disable=SC2016 # the scripts' own
	printf '#!/bin/sh\n[ "$1" = -m ] && echo %s || exec /bin/uname "$@"\n' "$1" >"$bin/uname"
	# shellcheck disable=SC2016
	printf '#!/bin/sh\n[ "$1" = --version ] && echo "QEMU emulator version 10.1.0" && exit\nprintf "%%s\\n" "$@" >%s\nexit 1\n' \
		"$BATS_TEST_TMPDIR/words" >"$bin/qemu-system-$1"
	chmod +x "$bin/uname" "$bin/qemu-system-$1"
	rm -f "$BATS_TEST_TMPDIR/words"
	# shellcheck disable=SC2086 # several words
	PATH=$bin:$PATH run_tool twin run $TWIN --kernel "$2" --initrd-modules "$modules" -- true
	cat "$BATS_TEST_TMPDIR/words"
}

@test "twin run: the machine is one of this one's architecture; where there is none it says so" {
	local image=$BATS_TEST_TMPDIR/image
	# Linux' booting.rst of arm64: the magic is at 0x38; the release is in its banner
	{ head -c 56 /dev/zero && printf 'ARMd' && head -c 256 /dev/zero && printf 'Linux version 9.8.7-arm (me)\0'; } >"$image"
	unset QEMU
	export VM_ACCEL=tcg
	run machine_of aarch64 "$image"
	assert_line 'virt,iommu=smmuv3,gic-version=3,its=on'
	assert_line 'iommu=none'
	assert_line --partial 'console=ttyAMA0'
	assert_line --partial 'pci-serial-4x'
	assert_line --partial 'pcie-root-port,id=twin1'
	refute_output --partial ICH9
	VM_ACCEL=kvm run machine_of aarch64 "$image"
	assert_line 'virt,iommu=smmuv3,gic-version=max,its=on'
	run machine_of x86_64 "$image"
	assert_line 'q35,kernel-irqchip=split'
	assert_line 'ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off'
	assert_line --partial 'console=ttyS0'
	refute_output --partial 'iommu=none'
	machine_of aarch64 "$image" >/dev/null
	# the image says which modules it has
	PATH=$bin:$PATH refused 6 'no modules of the kernel at /lib/modules/9.8.7-arm' --kernel "$image" -- true
	QEMU=$bin/none PATH=$bin:$PATH refused 6 'there is no QEMU' -- true
	assert_err "Debian's qemu-system-arm from"
	stand_in uname riscv64
	PATH=$bin:$PATH refused 6 'it boots machines of x86-64 and arm64, this one is riscv64' -- true
}

@test "twin run: a twin that cannot be is told before a machine is looked for" {
	QEMU=/none run_tool twin run --config /none -- true
	assert_exit 1
	assert_err '/none: No such file'
	QEMU=/none run_tool twin run --config "$TOP/examples/twins/narrow.config" -- true
	assert_exit 2
	assert_err 'nothing says how large it is'
}

@test "twin run: --dry-run says what the twin is, and starts nothing" {
	# shellcheck disable=SC2086 # several words
	QEMU=/none run_tool -D -j twin run $TWIN -- true
	assert_exit 0
	assert_json .vendor_id '0x1234'
}

# other LINE...: a file of another twin
other() {
	mkdir -p "$BATS_TEST_TMPDIR/board"
	printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/board/other.twin"
}

@test "twin run --twin: the others, their paths from the folder of their file" {
	cp "$TOP/examples/twins/stream.config" "$TOP/examples/twins/stream.map" "$BATS_TEST_TMPDIR/"
	other '# the stream' '--config ../stream.config' '--map ../stream.map' '--bar 4=64k'
	# shellcheck disable=SC2086 # several words
	run_tool -D -j twin run $TWIN --twin "$BATS_TEST_TMPDIR/board/other.twin" -- true
	assert_exit 0
	assert_json '"\(.device_id) \(.others | length) \(.others[0].device_id) \(.others[0].bars[1].size)"' '0x5011 1 0x5013 65536'
	run_tool -D -j twin run --twin "$TOP/examples/twins/stream.twin" --twin "$BATS_TEST_TMPDIR/board/other.twin" -- true
	assert_exit 0
	assert_json '"\(.device_id) \(.others[0].file)"' "0x5013 $BATS_TEST_TMPDIR/board/other.twin"
	# a map that the environment has is the command line's twin's, and makes none
	PCIETOOL_MAP=$TOP/examples/twins/oneshot.map run_tool -D -j twin run --twin "$TOP/examples/twins/stream.twin" -- true
	assert_json '"\(.device_id) \(.bars[0].registers)"' '0x5013 8'
	run_tool -D -j twin run --map "$TOP/examples/twins/oneshot.map" --twin "$TOP/examples/twins/stream.twin" -- true
	assert_json '"\(.device_id) \(.others[0].device_id)"' '0x5012 0x5013'
}

@test "twin run --twin: no two have one log, whatever it is called" {
	local file=$BATS_TEST_TMPDIR/board/other.twin
	cp "$TOP/examples/twins/stream.config" "$TOP/examples/twins/stream.map" "$BATS_TEST_TMPDIR/"
	other '--config ../stream.config' '--map ../stream.map' '--bar 4=64k' '--log ../log'
	# shellcheck disable=SC2086 # several words
	refused 2 "the command line and $file: both have the log" $TWIN --log "$BATS_TEST_TMPDIR/log" --twin "$file" -- true
	# where it is there already, too
	touch "$BATS_TEST_TMPDIR/log"
	ln "$BATS_TEST_TMPDIR/log" "$BATS_TEST_TMPDIR/another"
	# shellcheck disable=SC2086 # several words
	refused 2 "both have the log" $TWIN --log "$BATS_TEST_TMPDIR/another" --twin "$file" -- true
	refused 2 "$file and $file: both have the log" --twin "$file" --twin "$file" -- true
	# shellcheck disable=SC2086 # several words
	run_tool -D twin run $TWIN --log "$BATS_TEST_TMPDIR/own" --twin "$file" -- true
	assert_exit 0
	# links to one that is not there yet
	ln -s missing "$BATS_TEST_TMPDIR/one"
	ln -s missing "$BATS_TEST_TMPDIR/two"
	other '--config ../stream.config' '--map ../stream.map' '--bar 4=64k' '--log ../two'
	# shellcheck disable=SC2086 # several words
	refused 2 "both have the log" $TWIN --log "$BATS_TEST_TMPDIR/one" --twin "$file" -- true
	# what somebody else reads, or nobody, is everybody's: a pipe, a terminal
	other '--config ../stream.config' '--map ../stream.map' '--bar 4=64k' '--log /dev/stderr'
	local piped=0
	pcietool -D twin run --twin "$file" --twin "$file" -- true 2>&1 >/dev/null | cat >"$BATS_TEST_TMPDIR/piped" ||
		piped=$?
	run ! grep 'both have' "$BATS_TEST_TMPDIR/piped"
	assert_equal "$piped" 0
	other '--config ../stream.config' '--map ../stream.map' '--bar 4=64k' '--log /dev/null'
	run_tool -D twin run --twin "$file" --twin "$file" -- true
	assert_exit 0
}

@test "twin run --twin: what is wrong in a file is told with its line" {
	local file=$BATS_TEST_TMPDIR/board/other.twin
	other '--config ../none'
	refused 1 "$BATS_TEST_TMPDIR/board/../none: No such file" --twin "$file" -- true
	other '' '--socket x'
	refused 2 "$file:2: '--socket' is no option of a twin in a file" --twin "$file" -- true
	other '--model'
	refused 2 "$file:1: '--model' needs an argument" --twin "$file" -- true
	other '--bar 7=1M'
	refused 2 "$file:1: --bar: '7=1M' is not N=SIZE" --twin "$file" -- true
	# and which one it is, of what no line says
	: >"$file"
	refused 2 "$file: which device?" --twin "$file" -- true
	other '--slot 1.'
	refused 2 "$file:1: " --twin "$file" -- true
	other '--twin x'
	refused 2 "$file:1: '--twin' is no option" --twin "$file" -- true
	refused 1 '/none: No such file' --twin /none -- true
	# shellcheck disable=SC2046 # several words
	refused 2 'there may be 15 of --twin' $(printf -- '--twin %s ' {1..16}) -- true
}

@test "twin run: scripts that another user could have written are not run" {
	mkdir "$BATS_TEST_TMPDIR/machine"
	printf '#!/bin/sh\ntouch ran\n' >"$BATS_TEST_TMPDIR/machine/run"
	chmod 777 "$BATS_TEST_TMPDIR/machine/run"
	cd "$BATS_TEST_TMPDIR"
	PCIETOOL_MACHINE=$BATS_TEST_TMPDIR/machine refused 4 'others may write it' -- true
	[[ ! -e ran ]]
}
