# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Words for network cards that capture frames from another card in the guest:  load ../lib/frames  after capture.

# sender_up: eth0, of virtio-net, sends what it is given, and nothing by itself.
sender_up() {
	export PATH=$BUILD/tests/vm:$PATH
	echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 || true
	modprobe virtio_net
	until_true test -e /sys/class/net/eth0
	busybox ip link set eth0 up
	until_true grep -q 1 /sys/class/net/eth0/carrier
}

# receiving: is the receiver of Intel's card on? (Receive Control, bit EN)
receiving() {
	(($(pcietool regs read 0x100) & 2))
}

# answers: sends a frame that is none of send_frames'; has anything arrived?
answers() {
	python3 -c 'import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("eth0", 0))
s.send(b"\xff" * 6 + b"\x02\0\0\0\0\x01\x88\xb6" + bytes(50))'
	[[ -s out ]]
}
