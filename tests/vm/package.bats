#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debian's packages: built, looked at by lintian, installed by apt in a fresh Debian 12 or 13, the module built there by
# dkms and loaded in the test machine, and gone again. With Linux 6.1 it is Debian 12, with the newest 13. The tests follow
# one another, in one layer above that Debian. In the nightly run only.
#
# where: host
# kernel: 6.1 newest
# nightly: only
# test-timeout: 900

# shellcheck disable=SC2016 # what another shell expands
load ../lib/common

setup_file() {
	[[ $EUID -eq 0 ]] || return 0
	VERSION=$(sed -n 's/^VERSION := //p' "$TOP/Makefile")
	export VERSION SUITE=trixie OTHER=6.1
	[[ $VM_KERNEL == newest ]] || SUITE=bookworm OTHER=6.12
	# the guest sees the build folder
	export LAYER=$BUILD/package-$SUITE
	rm -rf "$LAYER"
	mkdir -p "$LAYER/up/src"
	"$TOP/tests/vm/debian" root "$SUITE"
	(cd "$TOP" && find . \( -path ./build -o -path ./.git \) -prune -o -type f -print0 | tar -c --null -T - |
		tar -x -C "$LAYER/up/src")
	"$TOP/tests/vm/kernel" "$OTHER"
	KERNELS=$(buildable)
	export KERNELS
}

setup() {
	[[ $EUID -eq 0 ]] || skip "a root of one's own needs root"
}

# inside COMMAND...: in the Debian, with the layer above it.
inside() {
	"$TOP/tests/vm/debian" run "$SUITE" "$LAYER" "$@"
}

# The releases of those of the two kernels whose compiler that Debian has.
buildable() {
	local kernel source root
	root=$("$TOP/tests/vm/debian" root "$SUITE")
	for kernel in "$VM_KERNEL" "$OTHER"; do
		source=$(sources "$kernel") || continue
		[[ ! -x $root/usr/bin/$(sed -n 's/^CC = .*)\(gcc-[0-9]*\)$/\1/p' "$source"/linux-headers-*/.kernelvariables) ]] ||
			cat "$TOP/build/vm/$kernel/release"
	done
}

# Where a kernel's headers were unpacked.
sources() { # KERNEL
	local folder
	for folder in headers root; do
		[[ ! -d $TOP/build/vm/$1/$folder/usr/src ]] || { echo "$TOP/build/vm/$1/$folder/usr/src" && return; }
	done
	return 1
}

# As its package would have installed them.
add_headers() { # KERNEL
	local from release
	from=$(sources "$1")
	release=$(<"$TOP/build/vm/$1/release")
	mkdir -p "$LAYER/up/usr/src" "$LAYER/up/usr/lib/modules/$release"
	cp -a "$from"/linux-headers-* "$LAYER/up/usr/src/"
	cp -a "${from%/src}"/lib/linux-kbuild-* "$LAYER/up/usr/lib/"
	ln -sfn "/usr/src/linux-headers-$release" "$LAYER/up/usr/lib/modules/$release/build"
}

@test "make deb, without root: lintian finds nothing" {
	run inside bash -c 'chown -R nobody /src && cd /src && HOME=/src setpriv --reuid 65534 --regid 65534 --clear-groups \
		env HOME=/tmp make -s deb 2>&1'
	assert_success
	assert_line "build/deb/pcietool_${VERSION}_amd64.deb"
	assert_line "build/deb/pcietool-dkms_${VERSION}_all.deb"
	# Debian 12's knows no newer version of the policy
	run inside setpriv --reuid 65534 --regid 65534 --clear-groups lintian --pedantic --display-info \
		--suppress-tags newer-standards-version --fail-on error,warning,info,pedantic \
		"/src/build/deb/pcietool_${VERSION}_amd64.changes"
	assert_success
	assert_output ''
}

@test "the package holds what make install installs" {
	inside bash -c 'cd /src/build/deb/pcietool-*/ && make -s install install-python install-systemd install-monitoring DESTDIR=/here PREFIX=/usr \
		PYTHON_LDFLAGS= LIBDIR=/usr/lib/x86_64-linux-gnu ZSHCOMPDIR=/usr/share/zsh/vendor-completions >/dev/null && for deb in pcietool_ libpcietool0_ libpcietool-dev_ python3-pcietool_; do
		dpkg-deb -x ../$deb*.deb /there; done'
	run inside bash -c 'diff <(cd /here && find . -type f | sort) \
		<(cd /there && find . -type f | grep -v "/usr/share/doc/[a-z0-9-]*/[a-zA-Z.]*\(.gz\)\?$" | sed "/share.man/s/.gz$//" | sort)'
	assert_success
	inside rm -rf /here /there
}

@test "installed by apt: the program, its pages, completion; the module for each kernel with headers, the others are named" {
	# apt fails with dkms, where the newest headers want another compiler than that Debian has
	for kernel in "$VM_KERNEL" "$OTHER"; do
		[[ " ${KERNELS//$'\n'/ } " != *" $(<"$TOP/build/vm/$kernel/release") "* ]] || add_headers "$kernel"
	done
	inside mkdir -p /lib/modules/6.5.0-bare/kernel
	inside bash -c 'find / -xdev \( -path /proc -o -path /dev -o -path /src -o -path /var -o -path /tmp \) -prune -o -print |
		sort >/src/before'
	run inside bash -c 'apt-get -q -y install --no-install-recommends /src/build/deb/pcietool{,-dkms}_*.deb 2>&1'
	assert_success
	refute_output --partial "from a 'make install'"
	run inside bash -c 'pcietool --version; man -P cat pcietool-regs | sed -n "/SYNOPSIS/,/DESCRIPTION/p"; man -P cat 5 pcietool-config | wc -l'
	assert_line --index 0 "pcietool $VERSION"
	assert_output --partial 'regs VERB'
	inside bash -c '. /usr/share/bash-completion/bash_completion; { declare -F __load_completion >/dev/null && __load_completion pcietool; } ||
		_comp_load pcietool; complete -p pcietool'
	[ "$(wc -w <<<"$KERNELS")" -ge 1 ]
	for release in $KERNELS; do
		inside test -e "/lib/modules/$release/updates/dkms/pcietool.ko" ||
			inside ls "/lib/modules/$release/updates/dkms"
		inside dkms status | grep "^pcietool/$VERSION, $release, x86_64: installed"
	done
}

@test "the library's and Python's: a program is compiled, and four lines of Python run" {
	run inside bash -c 'apt-get -q -y install --no-install-recommends /src/build/deb/{libpcietool0_,libpcietool-dev_,python3-pcietool_}*.deb 2>&1'
	assert_success
	inside bash -c 'cd /tmp && gcc -Wall -Werror -o tour /usr/share/doc/pcietool/examples/library/tour.c $(pkg-config --cflags --libs libpcietool) &&
		ldd ./tour | grep -q "libpcietool.so.0 => /lib/x86_64"'
	run inside python3 -c 'import pcietool
print(pcietool.__version__)'
	assert_output "$VERSION"
	inside dpkg --purge python3-pcietool libpcietool-dev libpcietool0
	inside rm -r /tmp/tour
}

@test "a kernel without headers: dkms says so, and the tool works" {
	run inside dkms install "pcietool/$VERSION" -k 6.5.0-bare
	assert_failure
	assert_output --partial 'headers for kernel 6.5.0-bare cannot be found'
	inside pcietool --version
}

# in_guest LOWER COMMAND: in the test machine, in a root with the folders LOWER below.
in_guest() {
	cat >"$LAYER/guest" <<'END'
mkdir /tmp/root /tmp/layer
mount -t tmpfs layer /tmp/layer
mkdir /tmp/layer/up /tmp/layer/work
mount -t overlay -o "lowerdir=$1,upperdir=/tmp/layer/up,workdir=/tmp/layer/work" overlay /tmp/root || exit
for name in proc sys dev run; do mount --rbind "/$name" "/tmp/root/$name"; done
# the kernel's own, beside what dkms built
release=$(uname -r)
mkdir -p "/tmp/root/lib/modules/$release/kernel"
mount --rbind "/lib/modules/$release/kernel" "/tmp/root/lib/modules/$release/kernel"
cp "/lib/modules/$release"/modules.{builtin,order} "/tmp/root/lib/modules/$release/"
chroot /tmp/root depmod "$release"
exec chroot /tmp/root /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive \
	bash -exc "$2"
END
	# without the helper of this folder
	BUILD=$LAYER "$TOP/tests/vm/run" -k "$VM_KERNEL" -t 600 -a intel_iommu=on \
		-q '-device intel-iommu,intremap=on -device edu' -- bash "$LAYER/guest" "$1" "$2"
}

@test "in the test machine: the module is found by its name, and gives a buffer" {
	root=$("$TOP/tests/vm/debian" root "$SUITE")
	run in_guest "$LAYER/up:$root" 'export PCIETOOL_DEVICE=1234:11e8
		pcietool driver bind --mask 28; modinfo -F filename pcietool
		pcietool dma alloc --name rx 4k; pcietool dma free --idle rx; pcietool driver release; rmmod pcietool'
	assert_success
	assert_line --regexp '^(/usr)?/lib/modules/.*/updates/dkms/pcietool.ko'
	assert_line --regexp '^0x[0-9a-f]+000$'
}

@test "in the test machine: the policy, once it is copied, gives what VFIO has to the group, and before that to nobody" {
	root=$("$TOP/tests/vm/debian" root "$SUITE")
	run in_guest "$LAYER/up:$root" 'export PCIETOOL_DEVICE=1234:11e8
		export SYSTEMD_IGNORE_CHROOT=1
		/usr/lib/systemd/systemd-udevd --daemon
		pcietool driver bind --to vfio; udevadm settle
		echo "before: $(stat -c "%G %a" /dev/vfio/[0-9]*)"; pcietool driver release
		cp /usr/share/pcietool/policy/60-pcietool-vfio.rules /etc/udev/rules.d/
		if [ -x /usr/bin/systemd-sysusers ]; then systemd-sysusers /usr/share/pcietool/policy/pcietool.conf; else groupadd --system pcietool; fi
		udevadm control --reload
		pcietool driver bind --to vfio; udevadm settle
		echo "after: $(stat -c "%G %a" /dev/vfio/[0-9]*)"
		pcietool driver release; udevadm control --exit'
	assert_success
	assert_line 'before: root 600'
	assert_line 'after: pcietool 660'
}

@test "in the test machine: the README's three commands, from the file to a register by its name" {
	root=$("$TOP/tests/vm/debian" root "$SUITE")
	mkdir -p "$LAYER/files"
	cp "$LAYER"/up/src/build/deb/pcietool_*.deb "$LAYER/files/"
	commands=$(sed -n '/three commands to a register/,/^It runs/s/^    \([^#]*\).*/\1/p' "$TOP/README.md" | sed 's/sudo //')
	[ "$(wc -l <<<"$commands")" -eq 3 ]
	run in_guest "$LAYER/files:$root" "cd /; ${commands/apt install/apt install -y}"
	assert_success
	assert_line --partial '0000:00:01.0 1234:11e8'
	assert_line 0x010000ed
}

@test "purged: nothing is left" {
	run inside apt-get -q -y purge pcietool pcietool-dkms
	assert_success
	run inside bash -c 'find / -xdev \( -path /proc -o -path /dev -o -path /src -o -path /var -o -path /tmp \) -prune -o -print |
		sort | diff /src/before - | grep "^[<>]" | grep -v "/lib/modules/[^/]*/modules\.\|dkms.*mok\|/lib/modules/[^/]*/updates$"'
	assert_output ''
	run inside bash -c 'find /var/lib /etc -name "*pcietool*" -not -path "/var/lib/apt/*"'
	assert_output ''
}

@test "over a make install: apt says what comes first, and both go on" {
	inside bash -c 'cd /src/build/deb/pcietool-*/ && make -s install >/dev/null && make -s install-kmod >/dev/null'
	inside dkms add "pcietool/$VERSION"
	run inside bash -c 'apt-get -q -y install --no-install-recommends /src/build/deb/pcietool{,-dkms}_*.deb 2>&1'
	assert_success
	assert_output --partial "/usr/local/sbin/pcietool, from a 'make install', comes before"
	assert_output --partial "'sudo make uninstall'"
	inside dkms status | grep "^pcietool/$VERSION, .*: installed"
	inside make -s -C /src uninstall >/dev/null
	run inside find /usr/local -type f -name '*pcietool*'
	assert_output ''
	inside /usr/sbin/pcietool --version
}
