#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What fetches the test machine's kernels and QEMU says what to do when it cannot, and leaves nothing half done. (A copy
# of the script in a project of its own, so that its state is its own.)

load ../lib/common

setup() {
	project=$BATS_TEST_TMPDIR/project
	mkdir -p "$project/tests/vm"
	cp tests/vm/packages "$project/tests/vm/"
	packages=$project/tests/vm/packages
}

@test "no network: the mirror's name, why, and what is needed" {
	DEBIAN_MIRROR=http://127.0.0.1:9/debian run "$packages" trixie amd64 "$project/out" hello
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == 'tests/vm/packages: cannot get the list'*'http://127.0.0.1:9/debian cannot be reached'*'DEBIAN_MIRROR='* ]]
	[ ! -e "$project/out" ]
}

@test "a mirror without the suite" {
	mkdir -p "$BATS_TEST_TMPDIR/mirror/dists/bookworm"
	DEBIAN_MIRROR=file:$BATS_TEST_TMPDIR/mirror run "$packages" -l trixie amd64 .
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"has no suite 'trixie'"*'DEBIAN_MIRROR='* ]]
}

@test "what is not signed by Debian is refused" {
	mkdir -p "$BATS_TEST_TMPDIR/mirror/dists/trixie/main/binary-amd64"
	cd "$BATS_TEST_TMPDIR/mirror/dists/trixie"
	: >main/binary-amd64/Packages
	printf 'Origin: Debian\nCodename: trixie\nSuite: stable\nDate: %s\nArchitectures: amd64\nComponents: main\nSHA256:\n %s 0 main/binary-amd64/Packages\n' \
		"$(date -Ru)" "$(sha256sum <main/binary-amd64/Packages | cut -d ' ' -f 1)" >Release
	DEBIAN_MIRROR=file:$BATS_TEST_TMPDIR/mirror run "$packages" trixie amd64 "$project/out" hello
	[ "$status" -eq 1 ]
	[[ $output == *'debian-archive-keyring'* ]]
	[ ! -e "$project/out" ]
}

@test "a folder that is there is left as it is, without a look at the mirror" {
	mkdir "$project/out"
	DEBIAN_MIRROR=http://127.0.0.1:9/debian run "$packages" trixie amd64 "$project/out" hello
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "arguments" {
	run "$packages" trixie amd64
	[ "$status" -eq 2 ]
	run "$packages" trixie amd64 "$project/out"
	[ "$status" -eq 2 ]
}
