#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Capture from a ring of descriptors: a network card's, with frames of known content from another card on the same wire.
# Every byte and length is compared.
#
# qemu: -device intel-iommu,intremap=on
# qemu: -netdev hubport,hubid=0,id=h0 -device e1000e,netdev=h0,romfile=
# qemu: -netdev hubport,hubid=0,id=h1 -device virtio-net-pci,netdev=h1,romfile=
# append: intel_iommu=on
# timeout: 2400
# test-timeout: 1200
# usually: 6.1

# shellcheck disable=SC2154,SC2034 # pid, stderr: the words of lib have and use them

load ../lib/common
load ../lib/guest
load ../lib/capture
load ../lib/frames

setup_file() {
	sender_up
	take 8086:10d3 --to helper
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	recipe=$TOP/examples/e1000e.recipe
	ready
}

teardown() {
	clean_up
	pcietool dma free --all --force >/dev/null 2>&1 || true
}

# arrived N: are so many frames in the file, whose $form is one of check_frames'?
arrived() {
	[[ $(check_frames "${form:--r}" out 2>/dev/null) == "$1" ]]
}

# all_arrive N: waits for it, as long as the capture goes on.
all_arrive() {
	until arrived "$1"; do
		kill -0 "$pid" || return
		sleep 0.2
	done
}

# index_is COUNT: the index is of so many frames, in the order of the file, each behind the one before.
index_is() {
	jq -es --argjson n "$1" '. as $a | ([.[].frame] | unique) == [range($n)] and
		all(range(length); $a[.].block == . and ($a[.].status | test("^0x[1-9a-f]")))' index >/dev/null
}


hundred() {
	begin capture --recipe "$recipe" --format records -o out --index index --timeout 20s "$@"
	until_true receiving
	send_frames eth0 100000 out 14
	end_when arrived 100000
	echo "# $output" >&3
	assert_exit 0
	arrived 100000
	rm -f out index
}
irq=(--batch 1 --irq 0 --start 0xd0=0xd0 --ack 0xc0=0xd0 --stop 0xd8=0xffffffff)
@test "helper polled" {
	hundred
}
@test "helper irq" {
	pcietool irq enable --type msi
	hundred "${irq[@]}"
	pcietool irq disable
}
# a frame that is not check_frames'
other() {
	[[ $(check_frames -r out 2>/dev/null) -ge 100000 ]] || (( $(stat -c %s out) > 78000000 ))
}
@test "vfio" {
	pcietool -q driver release
	pcietool driver bind --to vfio
	for more in "" irq; do
		words=()
		[[ -z $more ]] || words=("${irq[@]}")
		begin capture --recipe "$recipe" --format records -o out --index index --timeout 20s "${words[@]}"
		until_true answers out
		send_frames eth0 100000 out 14
		sleep 5
		kill -INT "$pid"
		ended
		echo "# $output" >&3
		assert_exit 0
		python3 - <<'END' >&3
import struct
d=open("out","rb").read(); at=0; n=0; k=0
open("cut","wb").close()
parts=[]
while at<len(d):
    l=struct.unpack_from("<Q",d,at)[0]
    f=d[at+16:at+16+l]
    if f[12:14]==b"\x88\xb5": parts.append(d[at:at+16+l])
    else: k+=1
    at+=16+l
open("cut","wb").write(b"".join(parts))
print("# frames",len(parts),"others",k)
END
		check_frames -r cut >&3
		rm -f out index cut
	done
}
