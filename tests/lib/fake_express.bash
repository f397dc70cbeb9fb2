# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# PCI Express in a fake tree:  load ../lib/fake_express  after fake_device. The PCI Express capability is at 0x40.

# fake_express BDF TYPE CLASS SPEED WIDTH MAXSPEED MAXWIDTH: TYPE of port as in the capability (0 endpoint, 4 root port,
# 5 upstream, 6 downstream port), speeds as generations. In config space and in sysfs' attributes.
fake_express() {
	fake_begin
	fake_pci "$1" 0x1234 "0x10$2$4" "$3" 4096
	fake_config "$1" 0x34 8 0x40
	fake_capability "$1" 0x40 0x10 0
	fake_config "$1" 0x42 16 $((2 | $2 << 4))
	fake_config "$1" 0x44 32 0x8002
	fake_config "$1" 0x48 16 0x2810
	fake_config "$1" 0x4c 32 $(($6 | $7 << 4 | 1 << 20))
	fake_config "$1" 0x6c 32 $(((1 << ($6 + 1)) - 2))
	fake_config "$1" 0x70 16 "$6"
	fake_link "$1" "$4" "$5"
	fake_attribute "$1" max_link_speed "${fake_speeds[$6]}"
	fake_attribute "$1" max_link_width "$7"
	fake_write
}

# by generation, as sysfs says it
fake_speeds=(
	Unknown '2.5 GT/s PCIe' '5.0 GT/s PCIe' '8.0 GT/s PCIe' '16.0 GT/s PCIe' '32.0 GT/s PCIe' '64.0 GT/s PCIe'
	'128.0 GT/s PCIe'
)

# fake_link BDF SPEED WIDTH: what it runs at now; 0 0: down.
fake_link() {
	fake_config "$1" 0x52 16 $(($2 | $3 << 4 | ($3 ? 1 << 13 : 0)))
	fake_attribute "$1" current_link_speed "${fake_speeds[$2]}"
	fake_attribute "$1" current_link_width "$3"
}

# fake_bridge BDF TYPE SECONDARY SUBORDINATE SPEED WIDTH MAXSPEED MAXWIDTH: a port with a bus below.
fake_bridge() {
	fake_begin
	fake_express "$1" "$2" 0x060400 "$5" "$6" "$7" "$8"
	fake_config "$1" 0x0e 8 1
	fake_config "$1" 0x18 8 "0x${1:5:2}"
	fake_config "$1" 0x19 8 "$3"
	fake_config "$1" 0x1a 8 "$4"
	fake_write
}

# fake_fabric: a root port with a switch, whose second port's card runs at half its speed and width; a port with nothing
# below; a healthy card.
#
#   00:00.0 host bridge
#   00:01.0 root port     8GT/s x8 -> 01:00.0 upstream port
#                                       02:00.0 downstream port  8GT/s x4  -> 03:00.0 card
#                                       02:01.0 downstream port  2.5GT/s x2 of 8GT/s x4 -> 04:00.0 card
#   00:02.0 root port     nothing
#   00:03.0 root port     16GT/s x16 -> 06:00.0 card, 06:00.1 its second function
fake_fabric() {
	fake_begin
	fake_pci 0000:00:00.0 0x8086 0x29c0 0x060000
	fake_bridge 0000:00:01.0 4 1 4 3 8 4 16
	fake_bridge 0000:01:00.0 5 2 4 3 8 3 8
	fake_bridge 0000:02:00.0 6 3 3 3 4 3 4
	fake_bridge 0000:02:01.0 6 4 4 1 2 3 4
	fake_express 0000:03:00.0 0 0x020000 3 4 3 4
	fake_express 0000:04:00.0 0 0x020000 1 2 4 8
	fake_bridge 0000:00:02.0 4 5 5 0 0 4 16
	fake_bridge 0000:00:03.0 4 6 6 4 16 5 16
	fake_express 0000:06:00.0 0 0x030000 4 16 4 16
	fake_express 0000:06:00.1 0 0x040300 4 16 4 16
	fake_write
}
