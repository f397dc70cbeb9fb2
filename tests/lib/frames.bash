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

# answers FILE...: sends a frame that is none of send_frames'; has anything arrived in each?
answers() {
	local file
	python3 -c 'import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("eth0", 0))
s.send(b"\xff" * 6 + b"\x02\0\0\0\0\x01\x88\xb6" + bytes(50))'
	for file; do
		[[ -s $file ]] || return
	done
}

# end_when COMMAND...: until it is true, or the capture that was begun has ended by itself; ends it.
end_when() {
	until "$@"; do
		kill -0 "$pid" || break
		sleep 0.5
	done
	kill -INT "$pid" 2>/dev/null || true
	ended
}
