#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a machine cannot run is left out with the reason, and counted. (A project of a few scenarios, in a machine that
# stands for a guest: its commands run here.)

# shellcheck disable=SC2016 # scripts for another shell
load ../lib/common

setup() {
	project=$BATS_TEST_TMPDIR/project
	mkdir -p "$project/tests/vm" "$project/build"
	cp tests/run "$project/tests/"
	cp tests/vm/{scenario,qemu,guest-bats} "$project/tests/vm/"
	mkdir "$project/tests/lib"
	cp tests/lib/run-bats "$project/tests/lib/"
	export BUILD=$project/build QEMU=$project/qemu
	unset VM_ACCEL
	stand_in qemu 'echo "QEMU emulator version 7.2.19 (Debian 1:7.2)"'
	stand_in tests/setup true
	# a kernel whose headers cannot be had
	stand_in tests/vm/kernel 'mkdir -p build/vm/$1 && echo 6.1.0-test >build/vm/$1/release &&
		echo "the mirror has no headers" >build/vm/$1/no-headers'
	stand_in tests/vm/run 'until [[ $1 == -- ]]; do shift; done; shift; "$@"'
	scenario plain '' 'true'
	# nobody must reach it
	chmod go+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test "$BATS_TEST_TMPDIR"
	cd "$project" || return
}

stand_in() { # FILE SCRIPT
	printf '#!/bin/bash\ncd "%s"\n%s\n' "$project" "$2" >"$project/$1"
	chmod +x "$project/$1"
}

scenario() { # NAME HEADER COMMAND
	printf '#!/usr/bin/env bats\n# warnings: expected\n# %s\n\n@test "%s: one" {\n\t%s\n}\n\n@test "%s: two" {\n\t%s\n}\n' \
		"$2" "$1" "$3" "$1" "$3" >"$project/tests/vm/$1.bats"
}

run_project() { # ARG...
	# the bats in it is not part of this one
	run env -u BATS_TEST_TMPDIR -u BATS_RUN_TMPDIR -u BATS_ROOT_PID -u TEST_LOGS VM_JOBS=1 tests/run "$@"
}

@test "all that can run does" {
	run_project 6.1
	assert_success
	assert_line --regexp '^6.1 +plain +2 passed +\('
	assert_line '2 passed, 0 failed, 1 skipped' # the helper's build
}

@test "a QEMU that is too old for a scenario" {
	scenario modern 'qemu-at-least: 10.1' 'false'
	run_project 6.1
	assert_success
	assert_line --regexp '^6.1 +modern +0 passed, 2 skipped '
	assert_line '  6.1-modern: modern: one: needs QEMU 10.1, this is 7.2.19'
	assert_line '  6.1-modern: modern: two: needs QEMU 10.1, this is 7.2.19'
	assert_line '2 passed, 0 failed, 3 skipped'
}

@test "a kernel whose headers are missing: the helper, and what needs it" {
	scenario helper '' 'pcietool driver bind'
	scenario vfio '' 'true driver bind --to vfio'
	run_project 6.1
	assert_success
	assert_line '  6.1-kmod: the kernel helper builds: the mirror has no headers'
	assert_line '  6.1-helper: helper: one: no kernel helper: the mirror has no headers'
	assert_line --regexp '^6.1 +vfio +2 passed +\('
	assert_line '4 passed, 0 failed, 3 skipped'
}

@test "a kernel whose own modules cannot be built, and tests that stand in another file" {
	stand_in tests/vm/kernel 'mkdir -p build/vm/$1 && echo 6.12-test >build/vm/$1/release && echo "no compiler" >build/vm/$1/no-modules'
	scenario other 'file: plain.bats' 'false'
	scenario plain 'kernel: iommufd' 'true'
	sed -i '/^@test/,$d' tests/vm/other.bats
	sed -i 's/^# warnings.*/&\n# kernel: iommufd/' tests/vm/other.bats
	run_project iommufd plain other
	assert_line '  iommufd-plain: plain: two: no modules for this kernel: no compiler'
	assert_line '  iommufd-other: plain: two: no modules for this kernel: no compiler'
	assert_line '0 passed, 0 failed, 4 skipped'
}

@test "where all is skipped, nothing was tested, and that is a failure" {
	rm tests/vm/plain.bats
	scenario modern 'qemu-at-least: 10.1' 'false'
	run_project 6.1
	assert_failure
	assert_line --partial 'nothing ran at level 6.1'
	assert_line '0 passed, 0 failed, 3 skipped'
}

@test "the table says whether the machine was emulated, and why" {
	local boot
	boot=$(</proc/sys/kernel/random/boot_id)
	# what tests/vm/run found out before
	mkdir -p build/vm
	if [[ -r /dev/kvm && -w /dev/kvm ]]; then
		echo tcg >"build/vm/accel-$boot"
		run_project 6.1
		assert_line --regexp '^6.1 .*QEMU 7.2.19, emulated \(/dev/kvm does not work\)$'
		echo kvm >"build/vm/accel-$boot"
		run_project 6.1
		assert_line --regexp '^6.1 .*QEMU 7.2.19, KVM$'
	else
		run_project 6.1
		assert_line --regexp '^6.1 .*QEMU 7.2.19, emulated \(no /dev/kvm\)$'
	fi
	VM_ACCEL=kvm run_project 6.1
	assert_line --regexp '^6.1 .*QEMU 7.2.19, KVM$'
}
