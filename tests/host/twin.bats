#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# twin serve: a device made of files, spoken to by a small client. A real kernel's view of it: tests/vm/twin.bats.

load ../lib/common

NARROW=$TOP/examples/twins/narrow.config

setup() {
	# a socket's path is short
	folder=$(mktemp -d /tmp/pcietool-twin-XXXXXX)
	socket=$folder/s
	twin=
}

teardown() {
	[[ -z $twin ]] || kill "$twin" 2>/dev/null || true
	rm -rf "$folder"
}

# serve OPTION...: a twin that listens; $twin is its process.
serve() {
	pcietool twin serve --socket "$socket" "$@" >"$folder/out" 2>"$folder/err" 3>&- &
	twin=$!
	until_true grep -q . "$folder/out"
}

# ended: its exit status in $status
ended() {
	status=0
	wait "$twin" || status=$?
	twin=
}

client() {
	run timeout 60 python3 "$TOP/tests/lib/twin_client.py" "$socket" "$@"
}

@test "twin serve: what it is, and how it ends" {
	serve --config "$NARROW" --bar 0=1M
	run cat "$folder/out"
	assert_line "$socket: 1234:5011, config space 256, vectors: INTx 1, MSI 1, MSI-X 0"
	assert_line '  BAR 0: 1M mem, memory'
	client info region:0 region:7 region:6 irqs:0 irqs:1 irqs:2
	assert_output "flags 3 regions 9 irqs 5
flags 7 size 1048576 mapped 1048576
flags 3 size 256
flags 0 size 0
count 1
count 1
count 0"
	# the next client finds the same device
	client w:0:0x10:4:0x12345678 r:0:0x10:4
	client r:0:0x10:4 r:7:0:4
	assert_output '0x12345678
0x50111234'
	kill "$twin"
	ended
	assert_equal "$status" 0
	[ ! -e "$socket" ]
}

@test "twin serve: config space does what the specification says" {
	serve --config "$NARROW" --bar 0=1M
	# read-only ids; BAR sizing of 64 bits; COMMAND's bits; reserved ones
	client w:7:0:4:0xffffffff r:7:0:4 w:7:0x10:4:0xffffffff w:7:0x14:4:0xffffffff r:7:0x10:4 r:7:0x14:4 \
		w:7:4:2:0xffff r:7:4:2 w:7:0x70:2:0xffff r:7:0x72:2
	assert_output '0x50111234
0xfff0000c
0xffffffff
0x547
0x43'
	# Initiate FLR in DEVCTL: COMMAND and the BAR are as after power-on
	client w:7:0x68:2:0xa810 r:7:4:2 r:7:0x10:4 r:7:0x68:2
	assert_output '0x0
0xc
0x2810'
	client w:7:4:2:7 reset r:7:4:2
	assert_output 0x0
}

# used_config [PMCSR]: the config space of a device that a driver uses, and that sleeps.
used_config() {
	python3 - "$folder/used" "${1:-0x8103}" <<-'END'
		import struct, sys
		b = bytearray(4096)
		def put(at, width, value):
		    b[at:at + width // 8] = value.to_bytes(width // 8, "little")
		for at, width, value in (
		        (0x00, 32, 0x50111234), (0x04, 32, 0x00100407), (0x08, 32, 0xff000001), (0x0c, 8, 0x10),
		        (0x10, 32, 0xfe000000), (0x34, 8, 0x40), (0x3c, 16, 0x010b),
		        (0x40, 16, 0x5001), (0x42, 16, 0xc803), (0x44, 16, int(sys.argv[2], 0)),
		        # MSI, 64 bits, maskable, four vectors of eight enabled
		        (0x50, 16, 0x7005), (0x52, 16, 0x01a7), (0x54, 32, 0xfee00000), (0x58, 32, 1), (0x5c, 16, 0x4021),
		        (0x60, 32, 2), (0x64, 32, 4),
		        # Express: MPS 256, MRRS 4096, 8-bit tags, all errors; ASPM L1, common clock; LTR; 8 GT/s of which 2.5 is wanted
		        (0x70, 32, 0x00020010), (0x74, 32, 0x10008021), (0x78, 32, 0x002f512f), (0x7c, 32, 0x00000c43),
		        (0x80, 32, 0x10430042), (0x94, 32, 0x00000800), (0x98, 32, 0x00000409), (0x9c, 32, 0x0000000e), (0xa0, 16, 0x0091),
		        # AER
		        (0x100, 32, 0x14020001), (0x104, 32, 0x00004000), (0x108, 32, 0x00400010), (0x10c, 32, 0x00463010),
		        (0x110, 32, 0x00002000), (0x114, 32, 0x00002001), (0x118, 32, 0x000001ee), (0x11c, 32, 0x04000001),
		        # SR-IOV: two VFs, enabled, BAR 0 of 64 bits
		        (0x140, 32, 0x18010010), (0x144, 32, 2), (0x148, 16, 0x0019), (0x14c, 32, 0x00040004), (0x150, 16, 2),
		        (0x154, 32, 0x00010080), (0x15c, 32, 0x553), (0x160, 32, 2), (0x164, 32, 0xfd00000c), (0x168, 32, 0x38),
		        # ATS; one virtual channel with all traffic classes
		        (0x180, 32, 0x1a01000f), (0x184, 32, 0x801f0060),
		        (0x1a0, 32, 0x00010002), (0x1b4, 32, 0x800000ff)):
		    put(at, width, value)
		open(sys.argv[1], "wb").write(b)
	END
}

@test "twin serve: it starts as after power-on, whatever the device was set to when its config space was saved" {
	used_config
	serve --config "$folder/used" --bar 0=4k
	# COMMAND, cache line, interrupt line; PM; MSI: flags, address, data, mask, pending
	client r:7:4:2 r:7:0xc:1 r:7:0x3c:2 r:7:0x44:2 r:7:0x52:2 r:7:0x54:4 r:7:0x58:4 r:7:0x5c:2 r:7:0x60:4 r:7:0x64:4
	assert_output '0x0
0x0
0x100
0x0
0x186
0x0
0x0
0x0
0x0
0x0'
	# DEVCTL and DEVSTA, LNKCTL and LNKSTA, DEVCTL2, LNKCTL2; what is read-only is as it was
	client r:7:0x74:4 r:7:0x78:4 r:7:0x7c:4 r:7:0x80:4 r:7:0x98:2 r:7:0xa0:2
	assert_output '0x10008021
0x2910
0xc43
0x10430000
0x0
0x3'
	# AER: status, mask, severity, both of correctable ones, control, header; ones of bits that are 1 where they are there
	client r:7:0x104:4 r:7:0x108:4 r:7:0x10c:4 r:7:0x110:4 r:7:0x114:4 r:7:0x118:4 r:7:0x11c:4
	assert_output '0x0
0x400000
0x462010
0x0
0x2000
0xa0
0x0'
	# SR-IOV: CTRL, NumVFs, what is read-only, page size, BAR with its type; ATS
	client r:7:0x148:2 r:7:0x150:2 r:7:0x154:4 r:7:0x15c:4 r:7:0x160:4 r:7:0x164:4 r:7:0x168:4 r:7:0x184:4
	assert_output '0x0
0x0
0x10080
0x553
0x1
0xc
0x0
0x60'
	# an FLR leaves what is the link's: Max_Payload_Size, ASPM, common clock; sticky bits
	client w:7:4:2:6 w:7:0x108:4:0x10 w:7:0x148:2:9 w:7:0x80:2:0x42 w:7:0x1b4:4:0x8000000f w:7:0x78:2:0x5830 w:7:0x78:2:0xd830 \
		r:7:4:2 r:7:0x108:4 r:7:0x148:2 r:7:0x80:2 r:7:0x1b4:4 r:7:0x78:2 reset r:7:0x80:2 r:7:0x1b4:4 r:7:0x78:2 r:7:0x108:4
	assert_output '0x0
0x10
0x0
0x42
0x8000000f
0x2930
0x0
0x800000ff
0x2910
0x400000'
}

@test "twin serve: from D3hot to D0 it is reset, unless it says that it is not" {
	printf '%s\n' register,SCRATCH,0x0,32,rw,reset=5 >"$folder/map"
	echo 'on_reset(function(kind) set("SCRATCH", #kind) end)' >"$folder/model.lua"
	used_config
	serve --config "$folder/used" --bar 0=4k --map "$folder/map" --model "$folder/model.lua"
	# awake, asleep, and awake again; what an FLR leaves stays, and PME's enable, which is sticky
	client w:7:4:2:6 w:7:0x80:2:0x42 w:0:0:4:7 w:7:0x44:2:0x103 r:7:0x44:2 r:0:0:4 r:7:4:2 w:7:0x44:2:0x100 r:0:0:4 r:7:4:2 r:7:0x44:2 r:7:0x80:2
	assert_output '0x103
0xffffffff
0x6
0x2
0x0
0x100
0x42'
	# from D0 to D0 is none; a state that it does not have is not taken
	client w:7:4:2:6 w:0:0:4:7 w:7:0x44:2:0 w:7:0x44:2:0x101 r:7:0x44:2 r:0:0:4 w:7:0x44:2:2 r:7:0x44:2 w:7:0x44:2:0 r:0:0:4 r:7:4:2
	assert_output '0x100
0x7
0x0
0x7
0x6'
	kill "$twin"
	ended
	used_config 0x010b
	serve --config "$folder/used" --bar 0=4k --map "$folder/map" --model "$folder/model.lua"
	client w:7:4:2:6 w:0:0:4:7 w:7:0x44:2:3 w:7:0x44:2:0 r:0:0:4 r:7:4:2 r:7:0x44:2
	assert_output '0x7
0x6
0x8'
}

@test "twin serve: asleep it answers config space alone, and asks for nothing" {
	printf '%s\n' register,SCRATCH,0x0,32,rw register,GO,0x4,32,rw register,DONE,0x8,32,rw >"$folder/map"
	cat >"$folder/model.lua" <<-'END'
		local function act()
		  set("SCRATCH", 0x55)
		  set("DONE", (dma_write(0x1000, "data") and 1 or 0) | (irq(0) and 2 or 0) | 4)
		  config_set(0x3c, 7, 8)
		end
		local function when_asleep()
		  if config_get(0x44) & 3 == 0 then after("5ms", when_asleep) else act() end
		end
		on_write("GO", function(value) if value == 1 then when_asleep() else act() end end)
	END
	# used_config but with No_Soft_Reset, D1 and D2
	used_config 0x8008
	printf '\x03\xce' | dd of="$folder/used" bs=1 seek=$((0x42)) conv=notrunc status=none
	serve --config "$folder/used" --bar 0=4k --bar 1=4k --map "$folder/map" --model "$folder/model.lua" --log "$folder/log"
	for state in 1 2 3; do
		client w:7:4:2:6 w:0:0:4:7 w:1:0x10:4:8 w:7:0x44:2:$state r:0:0:4 r:0:1:2 r:0:0:16 r:1:0x10:4 r:7:0x44:2 w:0:0:4:9 w:1:0x10:4:9 w:7:0x44:2:0 r:0:0:4 r:1:0x10:4
		assert_output "0xffffffff
0xffff
0x$(printf f%.0s {1..32})
0xffffffff
$(printf 0x%x $((8 + state)))
0x7
0x8"
	done
	# what its engine began is not done: neither DMA nor an interrupt
	client dma:0x1000:4096 enable:1:1 w:7:4:2:6 w:7:0x52:2:0x187 w:0:4:4:1 w:7:0x44:2:3 until:7:0x3c:1:7 quiet:0 w:7:0x44:2:0 \
		until:0:8:4:4 peek:0x1000:4 r:0:0:4
	assert_line 00000000
	assert_line 0x55
	grep 'DMA fault: writing 4 bytes at 0x1000: it is not in D0' "$folder/err"
	grep 'an interrupt is a memory write, and it is not in D0' "$folder/err"
	client enable:0:1 w:7:4:2:6 w:7:0x52:2:0x186 w:7:0x3c:1:0 w:0:4:4:1 w:7:0x44:2:3 until:7:0x3c:1:7 quiet:0 w:7:0x44:2:0 until:0:8:4:4
	assert_success
	grep 'no INTx: it is not in D0' "$folder/err"
	grep '# D3hot: only config space answers' "$folder/log"
	# awake it is done
	client dma:0x1000:4096 enable:1:1 w:7:4:2:6 w:7:0x52:2:0x187 w:0:4:4:2 irq:0 until:0:8:4:7 peek:0x1000:4
	assert_line 64617461
}

@test "twin serve: a client that lies is refused or hung up on, and the next is served" {
	serve --config "$NARROW" --bar 0=1M
	# past the end, no region, no bytes, more than was agreed on, a length that is not that of the message
	client r:7:254:4 r:0:0x100000:1 r:0:0xffffffffffffffff:2 r:8:0:4 r:99:0:4 r:0:0:0 \
		message:9:0000000000000000000000000000f0ff message:10:0000000000000000000000000400000011 message:9:00 \
		message:8:140000002400000009000000000000000100000000 message:8:14000000240000000100000000000000ffffffff \
		message:5:00 message:77: message:2:00 \
		message:2:2000000003000000000000000000000000000000000000000000000000000000 \
		message:3:180000000000000000000000000000000010000000000000
	assert_output --regexp '^(error (EINVAL|22|95|2)
?)+$'
	assert_equal "${#lines[@]}" 16
	# no message; a length that cannot be; a reply; a second version; too many descriptors
	for words in 'raw send:ffffffffffffffffffffffffffffffff' 'raw send:01000400ffffff7f0000000000000000' \
		'raw send:01000400000000000000000000000000' 'message:1:00000000' 'raw message:1:01000000' 'raw message:4:' \
		'send:01000400100000000100000000000000' 'fds:2:40'; do
		# shellcheck disable=SC2086 # several words
		client $words
		assert_output 'hung up'
	done
	# one that says half a message and goes
	python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.send(b"12345")' "$socket"
	client r:7:0:4
	assert_output 0x50111234
	kill -0 "$twin"
}

@test "twin serve: the guest's memory is mapped once, and not twice" {
	serve --config "$NARROW" --bar 0=1M
	client dma:0x1000:0x2000 dma:0x2000:0x1000 undma:0x1000:0x1000 undma:0x8000:0x1000 undma:0x1000:0x2000 \
		dma:0x2000:0x1000 dma:0x3000:0x1000 undma:0:0x10000 dma:0x2000:0x1000 r:7:0:2
	assert_output 'error EEXIST
error EINVAL
error ENOENT
0x1234'
}

@test "twin serve: every access is in the log" {
	serve --config "$NARROW" --bar 0=1M --log "$folder/log"
	client w:0:0x10:4:0xcafe r:0:0x10:2 r:7:0:4
	run cat "$folder/log"
	assert_output 'W 0:0x10/32 0x0000cafe
R 0:0x10/16 0xcafe
R config 0x000/32 0x50111234'
}

@test "twin serve: a log beside what others write by the same descriptor" {
	exec 7>"$folder/log"
	echo before >&7
	serve --config "$NARROW" --bar 0=1M --log /dev/fd/7
	client w:0:0x10:4:0xcafe
	echo after >&7
	exec 7>&-
	assert_equal "$(<"$folder/log")" $'before\nW 0:0x10/32 0x0000cafe\nafter'
}

@test "twin serve: a log that cannot be written to ends it, and is named" {
	serve --config "$NARROW" --bar 0=1M --log /dev/full
	client w:0:0x10:4:0xcafe r:0:0x10:2
	assert_output 'hung up'
	ended
	assert_equal "$status" 1
	assert_equal "$(<"$folder/err")" 'pcietool: twin serve: /dev/full: writing the log: No space left on device'
}

@test "twin serve: a socket that somebody listens at, that nobody does, and what is none" {
	serve --config "$NARROW" --bar 0=1M
	run_tool twin serve --socket "$socket" --config "$NARROW" --bar 0=1M
	assert_exit 4
	assert_err 'a process listens there'
	kill -KILL "$twin"
	ended
	[ -S "$socket" ]
	serve --config "$NARROW" --bar 0=1M
	client r:7:0:4
	assert_output 0x50111234
	echo precious >"$folder/file"
	run_tool twin serve --socket "$folder/file" --config "$NARROW" --bar 0=1M
	assert_exit 2
	assert_err 'is no socket'
	grep -q precious "$folder/file"
	run_tool twin serve --socket "$folder/none/s" --config "$NARROW" --bar 0=1M
	assert_exit 1
	run_tool twin serve --socket "$folder/$(printf '%0200d' 1)" --config "$NARROW" --bar 0=1M
	assert_exit 2
}

@test "twin serve: BARs that cannot be" {
	for bar in 0=3k 0=0 0=4T 6=4k x 0 0=4k,32 0=; do
		run_tool twin serve --socket "$socket" --config "$NARROW" --bar "$bar"
		assert_exit 2
	done
	run_tool twin serve --socket "$socket" --config "$NARROW" --bar 0=4k --bar 1=4k
	assert_exit 2
	assert_err 'BAR 1 is the upper half of BAR 0'
	run_tool twin serve --socket "$socket" --config "$NARROW"
	assert_exit 2
	assert_err 'BAR 0 is there, and nothing says how large it is'
	run_tool twin serve --socket "$socket" --bar 0=4k
	assert_exit 2
	assert_err 'no --config'
	run_tool twin serve --config "$NARROW" --bar 0=4k
	assert_exit 2
	run_tool twin serve --dry-run -j --socket "$socket" --config "$NARROW" --bar 0=4k --bar 2=1M,64,prefetch \
		--log "$BATS_TEST_TMPDIR/none.log"
	assert_exit 0
	assert_json '[.bars[] | [.bar, .size, .is_64bit]] | tojson' '[[0,4096,true],[2,1048576,true]]'
	[ ! -e "$socket" ]
	[ ! -e "$BATS_TEST_TMPDIR/none.log" ]
}

# --- registers by a map, and a model -------------------------------------------------------------------

# A map with a register of each kind, and a model that is $1.
kinds() {
	cat >"$folder/kinds.map" <<-'END'
		map,kinds
		device,1234:5099
		register,RO,0x0,32,ro,reset=0x12345678
		register,RW,0x4,32,rw,reset=0xff
		register,W1C,0x8,32,rw1c,reset=0xff
		register,W1S,0xc,32,rw1s
		register,W1T,0x10,32,rw,write=w1t
		register,W0C,0x14,32,rw,write=w0c,reset=0xffffffff
		register,W0S,0x18,32,rw,write=w0s
		register,W0T,0x1c,32,rw,write=w0t
		register,WC,0x20,32,rw,write=clear,reset=0xff
		register,WS,0x24,32,rw,write=set
		register,RC,0x28,32,ro,read=clear,reset=0xabc
		register,RS,0x2c,32,rw,read=set
		register,WO,0x30,32,wo
		register,ONCE,0x34,32,rw1
		register,RANGE,0x38,32,rw,range=2..5,reset=3
		register,FIELDS,0x3c,32,rw,reset=0xa0000000
		field,FIELDS,FLAG,0,rw1c
		field,FIELDS,MODE,7:4,rw,only=enum
		enum,FIELDS.MODE,OFF,0
		enum,FIELDS.MODE,FAST,5
		register,WIDE,0x40,64,rw
		register,BYTE,0x48,8,rw
		register,EVENTS,0x4c,32,ro,reset=0xff
		field,EVENTS,DONE,3:0,ro,write=w1c
		field,EVENTS,STATE,7:4,ro
	END
	printf '%s\n' "${1:-}" >"$folder/model.lua"
	MAP=$folder/kinds.map
}

@test "twin serve: registers behave as their map says" {
	kinds
	serve --map "$MAP"
	client region:0 r:0:0:4 w:0:0:4:0 r:0:0:4 w:0:8:4:0x0f r:0:8:4 w:0:0xc:4:3 w:0:0xc:4:4 r:0:0xc:4 \
		w:0:0x10:4:6 w:0:0x10:4:3 r:0:0x10:4 w:0:0x14:4:0xfffffffe r:0:0x14:4 w:0:0x18:4:0xfffffffe r:0:0x18:4 \
		w:0:0x1c:4:0xfffffff0 r:0:0x1c:4 w:0:0x20:4:0 r:0:0x20:4 w:0:0x24:4:0 r:0:0x24:4
	assert_output 'flags 3 size 4096
0x12345678
0x12345678
0xf0
0x7
0x5
0xfffffffe
0x1
0xf
0x0
0xffffffff'
	client r:0:0x28:4 r:0:0x28:4 r:0:0x2c:4 r:0:0x2c:4 w:0:0x30:4:5 r:0:0x30:4 w:0:0x34:4:7 w:0:0x34:4:8 r:0:0x34:4 \
		w:0:0x38:4:9 r:0:0x38:4 w:0:0x38:4:5 r:0:0x38:4
	assert_output '0xabc
0x0
0x0
0xffffffff
0x0
0x7
0x3
0x5'
	# fields: one that clears, one that takes only what has a name, reserved bits; parts of a register; a hole
	client w:0:0x3c:4:0xffffff51 r:0:0x3c:4 w:0:0x3c:4:0x30 r:0:0x3c:4 w:0:0x40:8:0x1122334455667788 r:0:0x44:4 \
		w:0:0x42:2:0xbeef r:0:0x40:8 w:0:0x48:1:0x5a r:0:0x48:4 r:0:0x80:4 w:0:0x4c:4:0x13 r:0:0x4c:4 \
		reset r:0:8:4 r:0:0x34:4 r:0:0x4c:4
	assert_output '0xa0000050
0xa0000050
0x11223344
0x11223344beef7788
0x5a
0x0
0xfc
0xff
0x0
0xff'
}

@test "twin serve: an expansion ROM of a file, ones behind it; its address tells the size" {
	kinds
	printf '\x55\xaa\x07' >"$folder/rom"
	head -c 2046 /dev/zero >>"$folder/rom"
	serve --map "$MAP" --rom "$folder/rom"
	grep -qx '  ROM: 4K' "$folder/out"
	# a read-only region; Expansion ROM Enable is bit 0
	client region:6 r:6:0:4 r:6:2048:2 w:7:0x30:4:0xffffffff r:7:0x30:4 w:6:0:4:1 r:6:0:1 r:6:4095:2
	assert_output 'flags 3 size 4096
0x7aa55
0xff00
0xfffff001
0x55
error EINVAL'
	kill "$twin"
	ended
	: >"$folder/empty"
	truncate -s $(((1 << 20) + 1)) "$folder/large"
	for bad in empty large; do
		run_tool twin serve --socket "$socket" --map "$MAP" --rom "$folder/$bad"
		assert_exit 2
		assert_err "$folder/$bad: an expansion ROM has 1 byte to 1 MiB"
	done
	run_tool twin serve --socket "$socket" --map "$MAP" --rom "$folder/none"
	assert_exit 1
	assert_err 'No such file'
}

@test "twin serve: values of a snapshot, and those that do not fit" {
	kinds
	printf '# pcietool snapshot 1\n# device 1234:5099\nRW 0:0x4/32 0x77\nNONE 0:0x800/32 0x1\n' >"$folder/values"
	serve --map "$MAP" --snapshot "$folder/values"
	grep -q '1 values are of registers that the twin has not' "$folder/err"
	client r:0:4:4 w:0:4:4:1 reset r:0:4:4
	assert_output '0x77
0x77'
	run_tool twin serve --socket "$socket.2" --map "$MAP" --bar 0=128 --dry-run
	assert_exit 0
	printf 'register,FAR,0x1000,32,rw\n' >>"$MAP"
	run_tool twin serve --socket "$socket.2" --map "$MAP" --bar 0=4k
	assert_exit 2
	assert_err 'FAR does not fit into BAR 0: it ends at 0x1004, the BAR has 4K'
}

@test "twin serve: a model's functions" {
	kinds '
	on_read("RO", function(v) return v + 1 end)
	on_read("FIELDS.MODE", function(v) return 5 end)
	on_write("RW", function(v, old) set("RO", old) set("FIELDS.FLAG", v & 1) end)
	on_reset(function(kind) set("BYTE", ({device = 7, flr = 8})[kind]) end)
	on_write("WO", function(v) after("1ms", function() set("WIDE", v) end) end)'
	serve --map "$MAP" --model "$folder/model.lua"
	client r:0:0:4 r:0:0x3c:4 w:0:4:4:3 r:0:0:4 r:0:0x3c:4 reset r:0:0x48:1 w:7:0x68:2:0xa810 r:0:0x48:1 w:0:0x30:4:9 until:0:0x40:8:9 r:0:0x40:8
	assert_output '0x12345679
0xa0000050
0x100
0xa0000051
0x7
0x8
0x9'
	kill "$twin"
	ended
	assert_equal "$status" 0
}

@test "twin serve: a model's names are the map's, also behind a block that a capability places" {
	printf '%s\n' block,COMMON,0,0x10,at=virtio:1 register,COMMON.SELECT,0x0,32,rw register,COMMON.FEATURE,0x4,32,ro \
		block,B,0x0,0x100,bar=0 register,B.ONE,0x0,32,rw,reset=1 register,B.TWO,0x4,32,rw,reset=2 \
		register,B.THREE,0x8,32,rw,reset=3 register,B.FOUR,0xc,32,rw,reset=4 >"$folder/map"
	cat >"$folder/model.lua" <<-'END'
		on_read("B.ONE", function() return get("B.ONE") * 0x100 + get("B.TWO") * 0x10 + get("B.FOUR") end)
		on_write("B.FOUR", function(value) set("B.TWO", value) end)
	END
	serve --config "$NARROW" --bar 0=1M --map "$folder/map" --model "$folder/model.lua"
	client r:0:0:4 r:0:4:4 r:0:8:4 r:0:12:4 w:0:8:4:0x30 w:0:12:4:0x40 r:0:4:4
	assert_output '0x124
0x2
0x3
0x4
0x40'
	kill "$twin"
	ended
	# one that is not there is no other one
	echo 'on_read("COMMON.SELECT", function() return 1 end)' >"$folder/model.lua"
	run_tool twin serve --socket "$socket" --config "$NARROW" --bar 0=1M --map "$folder/map" --model "$folder/model.lua"
	assert_exit 1
	assert_err 'model.lua:1:'
	assert_err 'COMMON.SELECT'
	assert_err 'at='
}

@test "twin serve: a model sets config space, until the next reset" {
	kinds '
	config_set(0x100, 0x12345678)
	on_write("RW", function(v) config_set(0x100, v, 8) config_set(0x102, config_get(0x100, 16), 16) end)
	on_write("WO", function(v) set("WIDE", config_get(v)) end)
	on_reset(function() config_set(0x34, 0x50, 8) end)'
	serve --map "$MAP" --model "$folder/model.lua"
	client r:7:0x100:4 r:7:0x34:1 w:0:4:4:0xab r:7:0x100:4 w:0:0x30:4:0x100 r:0:0x40:8 w:0:0x30:4:0 r:0:0x40:8 \
		w:7:0x100:4:0 r:7:0x100:4 reset r:7:0x100:4 r:7:0x34:1
	assert_output '0x12345678
0x40
0x56ab56ab
0x56ab56ab
0x50991234
0x56ab56ab
0x0
0x50'
}

@test "twin serve: a model is called for what is written to config space" {
	# interrupt line, of the header, is writable, the vendor's ID is not
	kinds '
	on_config_write(0x0, function(v, old) set("RW", v) set("WIDE", old) end)
	on_config_write(0x3c, function(v, old) config_set(0x101, v, 8) config_set(0x102, old, 8) end, 8)
	on_config_write(0x3c, function(v, old) config_set(0x103, config_get(0x103, 8) + 1, 8) end, 16)'
	serve --map "$MAP" --model "$folder/model.lua"
	# all of it, a part, what is beside it, more than it, a reset
	client w:7:0:4:0x11223344 r:0:4:4 r:0:0x40:8 r:7:0:4 w:7:2:1:0x55 r:0:4:4 \
		w:7:0x3c:1:0xa r:7:0x100:4 w:7:0x3d:1:0xff r:7:0x100:4 w:7:0x38:8:0x0b00000000 r:7:0x100:4 \
		w:7:0x3e:2:0 r:7:0x100:4
	assert_output '0x11223344
0x50991234
0x50991234
0x50551234
0x1000a00
0x2000a00
0x30a0b00
0x30a0b00'
}

@test "twin serve: DMA needs bus mastering and memory; interrupts by what is enabled" {
	kinds '
	on_write("RW", function(v) set("W1S", dma_write(v, "hello") and 1 or 2) end)
	on_write("RANGE", function(v) irq(v) end)
	on_write("W1T", function(v) local s = dma_read(v, 3) set("WIDE", s and string.unpack("<I3", s) or 0xbad) end)
	on_write("ONCE", function() irq(0) end)
	on_write("WO", function(v) intx{status = v ~= 2} irq(0, v ~= 1) end)'
	serve --map "$MAP" --model "$folder/model.lua"
	client dma:0x10000:0x1000 w:0:4:4:0x10010 r:0:0xc:4 w:7:4:2:6 w:0:4:4:0x10010 r:0:0xc:4 peek:0x10010:5 \
		w:0:4:4:0x10ffd until:0:0xc:4:2 poke:0x10020:010203 w:0:0x10:4:0x10020 r:0:0x40:8 w:0:0x10:4:0x50000 \
		until:0:0x40:8:0xbad
	assert_output '0x2
0x1
68656c6c6f
0x30201'
	grep -q 'DMA fault: writing 5 bytes at 0x10010: bus mastering is off' "$folder/err"
	grep -q "DMA fault: writing 5 bytes at 0x10ffd: no memory of the guest's" "$folder/err"
	grep -q "DMA fault: reading 3 bytes at 0x50000: no memory of the guest's" "$folder/err"
	client w:7:4:2:4 enable:1:8 w:0:0x38:4:5 irq:5 quiet:4
	assert_output 'interrupt 1
none'
	# INTx, its Interrupt Status bit with it or not, and Interrupt Disable, after which it is still asserted
	client enable:0:1 w:0:0x34:4:1 irq:0 r:7:6:2 w:0:0x30:4:1 r:7:6:2 w:0:0x30:4:2 irq:0 r:7:6:2 \
		w:7:4:2:0x400 w:0:0x30:4:3 quiet:0 w:7:4:2:0 irq:0
	assert_output 'interrupt 1
0x18
0x10
interrupt 1
0x10
none
interrupt 1'
}

@test "twin serve: DMA where the client shares no memory is done by the client: unshared memory, another device" {
	kinds '
	on_write("RW", function(v) set("W1S", dma_write(v, "hello, device") and 1 or 2) end)
	on_write("W1T", function(v) local s = dma_read(v, 4) set("WIDE", s and string.unpack("<I4", s) or 0xbad) end)
	-- longer than one message
	on_write("WO", function(v) set("W1S", dma_write(v, string.rep("x", 100000) .. "y") and 3 or 2) end)
	-- one while another one is under way
	on_write("ONCE", function(v) set("RANGE", dma_write(v, "1") and 4 or 2) end)
	on_read("BYTE", function() return dma_read(0x20010, 4) and 1 or 2 end)'
	serve --map "$MAP" --model "$folder/model.lua"
	local how
	for how in '' wide; do
		client $how reset dma:0xf000:0x1000 unshared:0x10000:0x1000 device:0x20000:0x1000 device:0x100000:0x20000 w:7:4:2:4 \
			p:0:4:4:0x20010 until:0:0xc:4:1 peek:0x20010:13 reset w:7:4:2:4 p:0:4:4:0xfffa until:0:0xc:4:1 peek:0xfffa:6 \
			peek:0x10000:8 poke:0x10020:01020304 p:0:0x10:4:0x10020 until:0:0x40:8:0x04030201 \
			p:0:0x30:4:0x100001 until:0:0xc:4:3 peek:0x1186a0:3 \
			reset w:7:4:2:4 w:0:4:4:0x20010 p:0:0x34:4:0x20020 p:0:0x10:4:0x20020 until:0:0x38:4:4 until:0:0x40:8:0x31 r:7:0:2
		assert_output '68656c6c6f2c20646576696365
68656c6c6f2c
2064657669636500
787900
0x1234'
	done
	refute_line --partial 'hung up'
	run ! grep fault "$folder/err"
	# where nothing is; while somebody waits; without bus mastering nobody is asked
	client device:0x20000:0x1000 w:7:4:2:4 p:0:4:4:0x90000 until:0:0xc:4:2 r:0:0x48:1 w:7:4:2:0 p:0:4:4:0x20010 r:7:0:2 peek:0x20010:1
	assert_output '0x2
0x1234
00'
	grep -q "DMA fault: writing 13 bytes at 0x90000: no memory of the guest's\$" "$folder/err"
	grep -q "DMA fault: reading 4 bytes at 0x20010: no memory of the guest's; another device's is not reached while the guest waits" \
		"$folder/err"
	grep -q 'DMA fault: writing 13 bytes at 0x20010: bus mastering is off' "$folder/err"
	# a client that goes away when it is asked; the next is served
	python3 - "$TOP/tests/lib" "$socket" <<-'END'
		import socket, struct, sys
		s = socket.socket(socket.AF_UNIX)
		s.connect(sys.argv[2])
		def send(command, payload, flags=0x10):
		    s.sendall(struct.pack("<HHIII", 1, command, 16 + len(payload), flags, 0) + payload)
		send(1, struct.pack("<HH", 0, 1) + b"{}\0", 0)
		s.recv(4096)
		send(10, struct.pack("<QII", 4, 7, 2) + b"\4\0")
		send(10, struct.pack("<QII", 4, 0, 4) + struct.pack("<I", 0x20010))
		assert struct.unpack_from("<HHII", s.recv(4096))[1] == 11
	END
	client r:7:0:2
	assert_output 0x1234
	grep -q 'DMA fault: writing 13 bytes at 0x20010: QEMU does not answer' "$folder/err"
}

@test "twin serve: a client that takes less in a message is asked for no more" {
	kinds '
	on_write("RW", function(v)
		set(v == 0x20001 and "W1S" or "RANGE", dma_write(v, string.rep("abc", 3333)) and 4 or 2)
	end)
	on_write("W1T", function(v) set("WIDE", dma_read(v, 9999) == string.rep("abc", 3333) and 1 or 2) end)'
	serve --map "$MAP" --model "$folder/model.lua"
	local most
	for most in 4096 1000 9998; do
		# the second may come while nobody knows yet how the client has its messages
		client most:$most reset device:0x20000:0x8000 w:7:4:2:4 p:0:4:4:0x20001 p:0:4:4:0x24001 until:0:0xc:4:4 \
			until:0:0x38:4:4 p:0:0x10:4:0x24001 until:0:0x40:8:1 peek:0x20000:4 peek:0x2270d:4 peek:0x2670d:4
		assert_output '00616263
61626300
61626300'
	done
	run ! grep fault "$folder/err"
	# none at all: nothing is reached
	client most:0 reset device:0x20000:0x8000 w:7:4:2:4 p:0:4:4:0x20001 until:0:0xc:4:2 r:7:0:2
	assert_output 0x1234
}

@test "twin serve: many writes to another device while none is answered: all arrive, and one to nowhere is told" {
	kinds '
	on_write("RW", function(v) dma_write(v, "x") end)
	on_write("W1T", function(v) set("W1S", dma_read(v, 1) and 1 or 2) end)'
	serve --map "$MAP" --model "$folder/model.lua"
	local i words=() wanted=
	for ((i = 0; i < 40; i++)); do
		words+=("p:0:4:4:$((0x20000 + i))")
		wanted+=78
	done
	# while nobody knows yet how the client has its messages
	client device:0x20000:0x1000 w:7:4:2:4 "${words[@]}" p:0:4:4:0x90000 p:0:0x10:4:0x20000 until:0:0xc:4:1 peek:0x20000:40
	assert_output "$wanted"
	grep -q "DMA fault: writing 1 bytes at 0x90000: no memory of the guest's\$" "$folder/err"
	assert_equal "$(grep -c fault "$folder/err")" 1
	# in between one that is read: that needs an answer, which there is not
	client device:0x20000:0x1000 reset w:7:4:2:4 p:0:0x10:4:0x20000 until:0:0xc:4:1 r:7:0:2 "${words[@]:0:20}" p:0:4:4:0x90000 p:0:0x10:4:0x20000 "${words[@]:20}" \
		until:0:0xc:4:2 p:0:4:4:0x20028 p:0:0x10:4:0x20000 until:0:0xc:4:1 peek:0x20000:41
	assert_output "0x1234
${wanted}78"
	grep -q "DMA fault: writing 1 bytes at 0x90000: no memory of the guest's\$" "$folder/err"
	grep -q 'DMA fault: reading 1 bytes at 0x20000: too many at once' "$folder/err"
	assert_equal "$(grep -c fault "$folder/err")" 3
}

@test "twin serve: a client that answers no requests is asked at the first DMA, and not hung up on" {
	kinds '
	on_write("RW", function(v) set("W1S", dma_write(v, "x") and 1 or 2) end)
	on_write("W1T", function(v) set("WIDE", dma_read(v, 4) and 1 or 2) end)'
	serve --map "$MAP" --model "$folder/model.lua" --log "$folder/log"
	# bus mastering alone asks for nothing; a write that comes meanwhile is told, the late answer is dropped
	client device:0x20000:0x1000 mute w:7:4:2:6 r:7:0:2 p:0:4:4:0x20010 p:0:4:4:0x20011 until:0:0xc:4:2 r:7:0:2 \
		p:0:0x10:4:0x20010 until:0:0x40:8:2 late r:7:0:2 reset r:7:0:2 peek:0x20010:2
	assert_output '0x1234
0x1234
0x1234
0x1234
0000'
	assert_equal "$(grep -c 'the client answers no requests' "$folder/err")" 1
	grep -q '^# the client answers no requests' "$folder/log"
	assert_equal "$(grep -c "DMA fault: .* no memory of the guest's\$" "$folder/err")" 3
	# the next one does
	client device:0x20000:0x1000 w:7:4:2:6 p:0:4:4:0x20010 p:0:0x10:4:0x20010 until:0:0xc:4:1 until:0:0x40:8:1 peek:0x20010:1
	assert_output 78
}

@test "twin serve: a model that is wrong is told with its line" {
	kinds 'x = = 1'
	run_tool twin serve --socket "$socket" --map "$MAP" --model "$folder/model.lua"
	assert_exit 1
	assert_err 'model.lua:1: unexpected symbol near'
	for bad in 'on_read("NOPE", print)' 'get(1, 2)' 'config_get(4096)' 'config_get(-4)' 'config_get(2)' 'config_get(0, 64)' \
		'config_get(math.maxinteger, 8)' 'config_get(math.maxinteger - 1, 16)' 'config_get(math.maxinteger - 3)' \
		'config_set(math.maxinteger, 0, 8)' 'config_set(math.maxinteger - 1, 0, 16)' 'config_set(math.maxinteger - 3, 0)' \
		'config_get(math.mininteger)' 'config_get(4093, 32)' 'config_get(4096, 8)' \
		'config_set(0)' 'config_set(0xfff, 1, 16)' 'on_config_write(0x40)' 'on_config_write(0x41, print)' \
		'on_config_write(0, print, 64)' 'os.exit()' 'io.open("/etc/passwd")' 'require("os")' 'load("x=1")()' \
		'slow(60)' 'link{width=64}' 'irq(-1)' 'dma_read(0, 1 << 40)' 'after("soon", print)' 'vpd("x")' 'intx()' 'intx{}' 'intx{status = 1}' \
		'string.rep("x", 1 << 30)' 'error()' 'answer("what")' 'local function f() return f() + 1 end f()'; do
		kinds "$bad"
		run_tool twin serve --socket "$socket" --map "$MAP" --model "$folder/model.lua"
		assert_exit 1
	done
	kinds 'local x = 1
while true do pcall(function() while true do x = x + 1 end end) end'
	run_tool twin serve --socket "$socket" --map "$MAP" --model "$folder/model.lua"
	assert_exit 1
	assert_err 'model.lua:2: ended after'
	[ ! -e "$socket" ]
	# in a function: the device goes on, and the end tells
	kinds 'on_write("RW", function(v)
	error("no " .. nil) end)'
	serve --map "$MAP" --model "$folder/model.lua"
	client w:0:4:4:1 r:0:4:4
	assert_output 0x1
	kill "$twin"
	ended
	assert_equal "$status" 1
	grep -q 'model.lua:2: attempt to concatenate' "$folder/err"
	# what is no number is no value
	kinds 'on_read("RW", function() return "high" end)'
	serve --map "$MAP" --model "$folder/model.lua"
	client w:0:4:4:1 r:0:4:4
	assert_output 0x1
	kill "$twin"
	ended
	assert_equal "$status" 1
	grep -q 'on_read: what the function gave is no integer' "$folder/err"
	# however much it printed before
	kinds 'for i = 1, 30 do print("line", i) end
on_write("RW", function(v) error("late") end)'
	serve --map "$MAP" --model "$folder/model.lua"
	client w:0:4:4:1 r:0:4:4
	kill "$twin"
	ended
	grep -q "line$(printf '\t')20\$" "$folder/err"
	run ! grep -q "line$(printf '\t')21\$" "$folder/err"
	grep -q 'model.lua:2: late' "$folder/err"
}

@test "twin serve: a function of Lua's library that does not end is ended too, with the model's line" {
	local line what
	# what each takes without that is seconds, or for ever where nothing is done: a count of nothing
	while IFS='|' read -r line what; do
		printf 'x = ("a"):rep(90)\ny = ("a-"):rep(6) .. "b"\n%s\n' "$what" >"$BATS_TEST_TMPDIR/model.lua"
		run_tool twin serve --socket "$socket" --config "$TOP/examples/twins/oneshot.config" --bar 2=1M \
			--model "$BATS_TEST_TMPDIR/model.lua"
		assert_exit 1
		assert_err "model.lua:3: $line"
	done <<-'END'
		ended after 50000000 steps of Lua's library|x:find(y)
		ended after 50000000 steps of Lua's library|x:match(y, -88)
		ended after 50000000 steps of Lua's library|string.gsub(x, y, "")
		ended after 50000000 steps of Lua's library|for w in x:gmatch(y) do end
		ended after 50000000 steps of Lua's library|x:gsub("^(.*)$", function(s) return s:find(y) end)
		ended after 50000000 steps of Lua's library|while true do pcall(string.find, x, y) end
		ended after 50000000 steps of Lua's library|x = ("a"):rep(3000000); x:find(("a"):rep(1000000) .. "b", 1, true)
		ended after 50000000 steps of Lua's library|(""):rep(1 << 40)
		ended after 50000000 steps of Lua's library|table.move({}, 1, 1 << 40, 2)
		ended after 50000000 steps of Lua's library|for i = 1, 1 << 40 do table.move({}, 1, 1000000, 2) end
		ended after 50000000 steps of Lua's library|table.concat(setmetatable({}, {__index = table.concat}), "", 1, math.maxinteger)
		ended after 50000000 steps of Lua's library|table.concat(setmetatable({}, {__index = table.concat}), "", math.mininteger, 0)
		ended after 50000000 steps of Lua's library|t = {} for i = 50, 0, -1 do t[1 << i] = "" end table.concat(t)
		ended after 50000000 steps of Lua's library|t = {} for i = 50, 0, -1 do t[1 << i] = 0 end table.insert(t, 1, 0)
		ended after 50000000 steps of Lua's library|t = {} for i = 50, 0, -1 do t[1 << i] = 0 end table.remove(t, 1)
		ended after 50000000 steps of Lua's library|t = {} for i = 28, 0, -1 do t[1 << i] = 0 end table.sort(setmetatable(t, {__index = rawlen}))
		ended after 50000000 steps of Lua's library|x = ("a"):rep(1 << 20) t = {} for i = 1, 3000 do t[i] = x end table.sort(t)
		ended after 20000000 instructions|pcall(pcall, function() while true do end end)
		attempt to call a nil value (global 'xpcall')|xpcall(function() while true do end end, function() while true do end end)
		setmetatable: a model has no __gc|setmetatable({}, {__gc = function() while true do end end})
		table.concat: not of a table|table.concat(setmetatable({}, {__len = function() return 1 << 40 end}))
		table.insert: not of a table|table.insert(setmetatable({}, {__len = function() return 1 << 40 end}), 1, 0)
	END
}

@test "twin serve: a function whose DMA comes back to the twin shares its budget with what is called then" {
	kinds '
	-- the register WO, where the client has the twin itself
	local function back() return dma_write(0x20030, "abcd") end
	local function burn() for i = 1, 200000 do end end
	on_write("RW", function(v) set("W1S", back() and 1 or 2) end)
	-- a timer comes when this has its end
	on_write("ONCE", function() after(0, function() set("RO", 77) end) for i = 1, 120 do burn() back() end set("W1S", 4) end)
	on_write("WO", function(v)
		if get("RW") == 3 then set("WIDE", get("WIDE") + 1)
		elseif get("RW") == 4 then for i = 1, 30000000 do end
		else while true do ("a"):rep(90):find(("a-"):rep(4) .. "b") end end
	end)'
	serve --map "$MAP" --model "$folder/model.lua"
	# by its instructions, and by the steps of the library: the one outside goes on
	client own:0x20000:0x1000:0 w:7:4:2:4 p:0:4:4:4 until:0:0xc:4:1 p:0:4:4:5 until:0:4:4:5 r:0:0xc:4 \
		reset w:7:4:2:4 p:0:4:4:3 until:0:0xc:4:1 r:0:0x40:8
	assert_output '0x1
0x1'
	grep -q 'model.lua:10: ended after [0-9]* instructions' "$folder/err"
	grep -q "model.lua:11: ended after [0-9]* steps of Lua's library" "$folder/err"
	run ! grep -q 'model.lua:[2-8]: ended' "$folder/err"
	# one that calls it again and again has no more for that
	client own:0x20000:0x1000:0 reset w:7:4:2:4 p:0:4:4:3 until:0:0xc:4:1 p:0:0x34:4:1 until:0:0:4:77 r:0:0xc:4
	assert_output '0x1'
	grep -q 'model.lua:4: ended after 20000000 instructions' "$folder/err"
}

@test "twin serve: patterns do in a model what they do in Lua" {
	cat >"$BATS_TEST_TMPDIR/model.lua" <<-'END'
		local function is(expected, ...)
			local got = {}
			for i, v in ipairs({...}) do
				got[i] = tostring(v)
			end
			got = table.concat(got, " ")
			if got ~= expected then
				error("expected " .. expected .. ", got " .. got, 2)
			end
		end
		is("2 3 b", ("abbc"):find("(b)b"))
		is("key value", ("  key = value  "):match("^%s*(%w+)%s*=%s*(%w+)%s*$"))
		is("4 5", ("a.b.."):find("..", 4, true))
		is("1 1", ("a.b.."):find("a", math.mininteger))
		is("f(a(b)c) 10", ("xf(a(b)c)d"):match("%w(f%b())()"))
		is("THE (quick) fox 2", ("THE (quick) fox"):gsub("%f[%a]%l+%f[%A]", "%0"))
		is("hello", ("say hello hello"):match("(%w+) %1"))
		is("-a-b- 3", ("ab"):gsub("", "-"))
		is("x.x.x. 3", ("abc"):gsub("%w", "x."))
		is("1 3 5", (function() local t = {} for p in ("a,b,c"):gmatch("()%w") do t[#t + 1] = p end return table.unpack(t) end)())
		is("bc", ("abc"):match("[^a]+"))
		is("]-", ("a]-"):match("[]%-]+"))
		is("malformed pattern (missing ']')", (select(2, pcall(string.find, "a", "[a")):gsub("^.*: ", "")))
		is("false", (pcall(string.find, "a", "%1")))
		is("false", (pcall(string.find, "a", {})))
		is("aaa", (("aaa"):gsub("$", "")))
		is("1000000", #(("a"):rep(1000000):gsub("a", "a")))
		local t = {3, 1, 2}
		table.sort(t)
		table.insert(t, 1, 0)
		is("0 1 2 3", table.unpack(t))
		is("1 2", table.unpack(table.move({1, 2}, 1, 2, 1, {})))
		-- at its end nothing is moved, however long it is
		t = {}
		for i = 1, 30000 do table.insert(t, i) end
		is("30000 30000", table.remove(t), #t + 1)
		is("7 6", table.remove(t, 7), table.remove(t, 6))
		is("bad argument #1 to 'sort' (table expected, got string)", (select(2, pcall(table.sort, "abc")):gsub("^.*: ", ""):gsub("table.sort", "sort")))
		is("a,b", table.concat({"a", "b"}, ","))
		is("b", table.concat({"a", "b", "c"}, ",", 2, 2))
		is("", table.concat({}, "", math.maxinteger, math.mininteger))
		is("b", setmetatable({}, {__index = {a = "b"}}).a)
	END
	run_tool -D twin serve --socket "$socket" --config "$TOP/examples/twins/oneshot.config" --bar 2=1M \
		--model "$BATS_TEST_TMPDIR/model.lua"
	assert_exit 0
	assert_equal "$stderr" ''
}

@test "twin serve: capabilities in a loop are told, as QEMU does not come to their end" {
	sed 's/^40: 01 48/40: 01 60/; s/^60: 10 b0/60: 10 40/' "$NARROW" >"$folder/loop.config"
	run_tool -D twin serve --socket "$socket" --config "$folder/loop.config" --bar 0=1M
	assert_exit 0
	assert_err 'its capabilities: the list runs in a loop: QEMU may not start with it'
	run_tool -D twin serve --socket "$socket" --config "$NARROW" --bar 0=1M
	refute_err 'its capabilities'
	# and so are extended ones: 0x100, 0x140, 0x100
	{
		cat "$NARROW"
		for ((i = 0x100; i < 0x1000; i += 16)); do
			case $i in
			256) printf '%x: 0b 00 01 14 00 00 00 00 00 00 00 00 00 00 00 00\n' $i ;;
			320) printf '%x: 0b 00 01 10 00 00 00 00 00 00 00 00 00 00 00 00\n' $i ;;
			*) printf '%x: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n' $i ;;
			esac
		done
	} >"$folder/extended.config"
	run_tool -D twin serve --socket "$socket" --config "$folder/extended.config" --bar 0=1M
	assert_exit 0
	assert_err 'its extended capabilities: the list runs in a loop: QEMU may not start with it'
}

@test "twin serve: a device that answers ones, and one that dies" {
	kinds 'on_write("RW", function(v) if v == 1 then answer("ones") else die() end end)'
	serve --map "$MAP" --model "$folder/model.lua"
	# the second dies while it is spoken to, and answers as nothing does until the client has had enough
	client w:0:4:4:1 r:7:0:4 r:0:0:4 reset r:7:0:4 w:0:4:4:2 r:7:0:4 r:0:0:4 reset r:0:0:4
	assert_output '0xffffffff
0xffffffff
0x50991234
0xffffffff
0xffffffff
0xffffffff'
	ended
	assert_equal "$status" 0
	[ ! -e "$socket" ]
}

# cut OFFSET BYTES...: $NARROW without its list of capabilities; a config space of 256 bytes with these from there on.
cut() {
	python3 - "$NARROW" "$folder/cut.config" "$@" <<-'END'
		import sys
		lines = [l for l in open(sys.argv[1]) if not l.startswith("#")]
		data = bytearray(256)
		for line in lines[1:5]:
		    at, row = line.split(":")
		    data[int(at, 16) : int(at, 16) + 16] = bytes.fromhex(row)
		offset = int(sys.argv[3], 16)
		row = bytes.fromhex("".join(sys.argv[4:]))
		data[0x34] = offset
		data[offset : offset + len(row)] = row
		with open(sys.argv[2], "w") as f:
		    print("01:00.0", file=f)
		    for at in range(0, 256, 16):
		        print(f"{at:02x}:", data[at : at + 16].hex(" "), file=f)
	END
	serve --config "$folder/cut.config" --bar 0=1M --model "$folder/model.lua"
}

@test "twin serve: a capability that is cut off has no registers in the next one" {
	cat >"$folder/model.lua" <<-'END'
		for name, what in pairs({vpd = ("x"):rep(256), link = {speed = 2, width = 2}}) do
			print(name, select(2, pcall(_G[name], what)))
		end
		on_reset(function(kind) print("reset", kind) end)
	END
	# VPD, cut off before its data by PM
	cut 40 03 44 00 00 01 00 03 00 08 00 00 00
	client w:7:0x42:2:0 r:7:0x44:4 r:7:0x42:2
	assert_output '0x30001
0x0'
	grep -q 'vpd: its VPD capability is cut off before its data' "$folder/err"
	kill "$twin"
	ended
	# PCI Express, before Link Status by MSI
	cut 40 10 50 02 00 22 80 00 10 10 28 00 00 83 0c 00 00 05 00 80 00
	client r:7:0x50:4
	assert_output '0x800005'
	grep -q 'link: its PCI Express capability is cut off before Link Status' "$folder/err"
	kill "$twin"
	ended
	# before Device Control, by PM: a bit of that is no reset; AF's is none, either, in the one behind it
	cut 40 10 48 02 00 22 80 00 10 01 60 03 00 08 00 00 00
	client w:7:0x48:2:0x8000 r:7:0:2
	run ! grep 'reset.*flr' "$folder/err"
	kill "$twin"
	ended
	cut 40 13 44 06 03 01 00 03 00 08 00 00 00
	client w:7:0x44:1:1 r:7:0:2
	run ! grep 'reset.*flr' "$folder/err"
	kill "$twin"
	ended
	# and a whole one does it
	cut 40 13 48 06 03 00 00 00 00 01 00 03 00 08 00 00 00
	client w:7:0x44:1:1 r:7:0:2
	grep -q 'reset.*flr' "$folder/err"
}
