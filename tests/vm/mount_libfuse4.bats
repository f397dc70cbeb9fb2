#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The device as files with libfuse 3.17, which can have the kernel hand mappings on: all of mount.bats once more, in Debian 13 with
# a program that was built there. In the nightly run only.
#
# where: host
# kernel: 6.12 newest
# nightly: only
# test-timeout: 900

load ../lib/common

setup_file() {
	[[ $EUID -eq 0 ]] || return 0
	# the guest sees the build folder
	export LAYER=$BUILD/mount-$VM_KERNEL
	rm -rf "$LAYER"
	mkdir -p "$LAYER/up/src"
	ROOT=$("$TOP/tests/vm/debian" root trixie)
	export ROOT
	(cd "$TOP" && find . \( -path ./build -o -path ./.git \) -prune -o -type f -print0 | tar -c --null -T - |
		tar -x -C "$LAYER/up/src")
	"$TOP/tests/vm/debian" run trixie "$LAYER" bash -c 'apt-get -q update && apt-get -q -y install --no-install-recommends \
		bats bats-assert bats-support busybox-static fuse3 pciutils procps && make -s -C /src all' >&2
}

setup() {
	[[ $EUID -eq 0 ]] || skip "a root of one's own needs root"
}

teardown_file() {
	[[ -z ${LAYER:-} ]] || rm -rf "$LAYER"
}

@test "in the test machine: what mount.bats tests" {
	cat >"$LAYER/guest" <<'END_OF_GUEST'
mkdir /tmp/root /tmp/layer
mount -t tmpfs layer /tmp/layer
mkdir /tmp/layer/up /tmp/layer/work
mount -t overlay -o "lowerdir=$1,upperdir=/tmp/layer/up,workdir=/tmp/layer/work" overlay /tmp/root || exit
for name in proc sys dev run; do mount --rbind "/$name" "/tmp/root/$name"; done
modules=/lib/modules/$(uname -r)
mkdir -p "/tmp/root$modules/kernel" "/tmp/root$modules/updates"
mount --rbind "$modules/kernel" "/tmp/root$modules/kernel"
cp "$modules"/modules.{builtin,order} "/tmp/root$modules/"
cp "$PCIETOOL_KO" "/tmp/root$modules/updates/"
chroot /tmp/root depmod "$(uname -r)"
exec chroot /tmp/root /usr/bin/env -i PATH=/src/build:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root BATS_TEST_TIMEOUT=240 \
	/src/tests/lib/run-bats /src/tests/vm/mount.bats
END_OF_GUEST
	arguments=(-k "$VM_KERNEL" -t 800)
	while read -r line; do arguments+=(-q "$line"); done < <(sed -n 's/^# qemu: //p' "$TOP/tests/vm/mount.bats")
	while read -r line; do arguments+=(-a "$line"); done < <(sed -n 's/^# append: //p' "$TOP/tests/vm/mount.bats")
	grep -q 'libfuse3\.so\.4' "$LAYER/up/src/build/pcietool"
	run "$TOP/tests/vm/run" "${arguments[@]}" -- bash "$LAYER/guest" "$LAYER/up:$ROOT"
	assert_success
	refute_output --regexp '(^|'$'\n'')not ok|# skip'
	assert_line --regexp '^ok [0-9]+ a program maps DMA memory over VFIO'
}
