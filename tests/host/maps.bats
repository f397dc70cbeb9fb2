#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The maps that come with pcietool: each is sound, is chosen by class code or id, and leaves out of a dump what is not to be
# read; and what they are made with, blocks that are where a capability says, or there only where registers say so.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_tree
	dev=0000:02:00.0
	cd "$BATS_TEST_TMPDIR" || return
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
	mkdir -p config/pcietool
	cp -r "$TOP/maps" config/pcietool/maps
	maps=config/pcietool/maps
}

# device ID CLASS BAR SIZE: a device with that memory BAR, and memory decoding on.
device() {
	fake_begin
	fake_pci "$dev" "0x${1%:*}" "0x${1#*:}" "0x$2" 256
	fake_bar "$dev" "$3" 0xfe000000 "$4" 0x40200
	fake_config "$dev" 4 16 0x0003
	fake_write
	fake_resource "$dev" "$3" "$4"
}

# put BAR OFFSET BYTE...: into the device's registers, BYTEs in hexadecimal.
put() {
	local text
	printf -v text '\\x%s' "${@:3}"
	printf '%b' "$text" |
		dd of="$SYSROOT/sys/bus/pci/devices/$dev/resource$1" bs=1 seek=$(($2)) conv=notrunc status=none
}

# virtio_capability OFFSET NEXT TYPE BAR OFFSET LENGTH
virtio_capability() {
	fake_capability "$dev" "$1" 0x09 "$2"
	fake_config "$dev" 0x34 8 0x40
	fake_config "$dev" $(($1 + 2)) 8 16
	fake_config "$dev" $(($1 + 3)) 8 "$3"
	fake_config "$dev" $(($1 + 4)) 8 "$4"
	fake_config "$dev" $(($1 + 8)) 32 "$5"
	fake_config "$dev" $(($1 + 12)) 32 "$6"
}

# dump: the names that a dump has, its warning in $stderr.
dump() {
	tool -s 02:00.0 regs dump "$@"
	assert_exit 0
}

@test "each map is sound, as a strict reader has it, and comes through a conversion unchanged" {
	for map in "$TOP"/maps/*.map "$TOP"/maps/parts/*.map; do
		run_tool map check --strict "$map"
		assert_exit 0
		assert_output ''
		pcietool map convert --to text "$map" >one.map
		pcietool map convert --to text one.map >two.map
		cmp one.map two.map
	done
}

@test "each map cites its source, is in the manual, and is installed; the manual has no other" {
	for map in "$TOP"/maps/*.map "$TOP"/maps/parts/*.map; do
		head -n 3 "$map" | grep -qE '[Ss]pecification|Serial ATA AHCI 1|Interface 1|Datasheet|Virtual I/O Device 1|Linux [0-9]' ||
			fail "$map cites nothing"
	done
	diff <(cd "$TOP/maps" && ls -- *.map) \
		<(sed -n '/^\.Sh READY/,/^\.Sh EXAMPLES/s/^\.It Pa //p' "$TOP/man/pcietool-map.5" | sed 's/ , /\n/g' | sort)
	make -C "$TOP" -s DESTDIR="$PWD/installed" PREFIX=/usr install-examples
	diff -r "$TOP/maps" installed/usr/share/pcietool/maps
}

@test "the map that the manual makes of the parts of xHCI is one" {
	mandoc -Tascii "$TOP/man/pcietool-map.5" | sed 's/.\x08//g; s/^ *//' |
		sed -n "s|^include,/usr/local/share/pcietool/maps|include,$TOP/maps|p" >xhci.map
	assert_equal "$(wc -l <xhci.map)" 4
	run_tool map check xhci.map
	assert_exit 0
	assert_output ''
	pcietool map convert --to text xhci.map >all
	grep -q '^block,op,0x40,' all
	grep -q '^block,port\[1\],0x440,0x10,bar=0' all
	grep -q '^block,interrupter\[0\],0x1020,' all
	grep -q '^block,xhci,0x0,0x20,bar=0' all
}

@test "chosen by class code or id; a user's own of that name goes before it" {
	while read -r id class bar register; do
		device "$id" "$class" "$bar" 131072
		put "$bar" 0 78 56 34 12
		tool -s 02:00.0 regs read "$register"
		assert_exit 0
		assert_output --regexp '^0x(12)?(34)?5678$'
		rm -r "$SYSROOT/sys/bus/pci/devices/$dev"
	done <<-'END'
		1111:2222 010601 5 host.CAP
		1111:2222 0c0330 0 xhci.CAP
		1111:2222 080501 0 SDMASA
		1111:2222 080500 0 sdhci.SDMASA
		1111:2222 040300 0 GCAP
		8086:10d3 020000 0 e1000e.CTRL
		8086:10f6 020000 0 CTRL
		8086:105e 020000 0 e1000e.CTRL
		8086:108b 020000 0 CTRL
		8086:150c 020000 0 e1000e.CTRL
		8086:10c9 020000 0 igb.CTRL
		10ec:8139 020000 1 IDR0
		8086:1521 020000 0 CTRL
		8086:1533 020000 0 CTRL
		8086:1539 020000 0 CTRL
	END
	device 1111:2222 010601 5 4096
	printf '%s\n' 'block,o,0x0,0x10,bar=5' 'register,o.OWN,0x8,32,ro' >"$maps/class-010601.map"
	tool -s 02:00.0 regs read OWN
	assert_exit 0
	tool -s 02:00.0 regs read host.CAP
	assert_exit 2
}

@test "AHCI: only ports that are available are read; one that is asked for is" {
	device 8086:2922 010601 5 4096
	put 5 0x0c 05 00 00 00
	put 5 0x128 13 01 00 00
	dump
	assert_line --regexp '^port\[0\]\.SSTS +5:0x128 +0x00000113$'
	assert_line --regexp 'port\[2\]\.CMD +5:0x218'
	refute_output --regexp 'port\[(1|3|4|31)\]'
	assert_equal "$stderr" ''
	# the register of the condition is read where the range does not have it
	dump 5:0x180+0x100
	refute_output --partial 'port[1]'
	assert_output --partial 'port[2].CLB'
	tool -s 02:00.0 regs read 'port[0].SSTS.SPD' 'port[1].SIG'
	assert_exit 0
	assert_output "0x1
0x00000000"
	tool -s 02:00.0 regs snapshot
	assert_exit 0
	refute_output --partial 'port[1]'
	# a snapshot means the same where there is no device
	tool -s 02:00.0 regs snapshot -o s
	run_tool --map "$maps/class-010601.map" regs decode -i s
	assert_exit 0
	assert_line --regexp 'SPD +7:4 +.*GEN1'
}

@test "HD Audio: as many streams as the three numbers make" {
	device 8086:293e 040300 0 16384
	put 0 0 09 12
	dump
	assert_output --partial 'sd[3].CTL'
	refute_output --partial 'sd[4].CTL'
	put 0 0 00 00
	dump
	refute_output --partial 'sd['
}

@test "what a read clears or takes out is left out, and is read when it is asked for so" {
	device 8086:10d3 020000 0 131072
	dump
	refute_output --regexp '^e1000e\.(ICR|ICS|IMC|GPRC|CRCERRS|TORH|IAC|SWSM) '
	assert_output --partial 'e1000e.RAL[15]'
	assert_err 'e1000e.ICR is left out: reading it clears it'
	tool --json -s 02:00.0 regs dump
	assert_equal "$(jq '[.ranges[]?.left_out[]?, .left_out[]?] | length' <<<"$output")" 60
	rm -r "$SYSROOT/sys/bus/pci/devices/$dev"
	while read -r id queues drops switch; do
		device "$id" 020000 0 131072
		dump
		refute_output --regexp '^(igb|rx\[[0-9]+\])\.(ICR|EICR|ICS|EICS|IMC|EIMC|GPRC|CRCERRS|HGOTCH|SCVPC|IAC|SWSM|WVBR) '
		assert_line --regexp "^rx\\[$((queues - 1))\\]\.RDBAL +0xc[0-9a-f]+"
		assert_line --regexp "^tx\\[$((queues - 1))\\]\.TDBAL +0xe[0-9a-f]+"
		refute_output --partial "rx[$queues]"
		# the count of drops: not cleared by a read where the host writes 0 to it, as Linux does
		if ((drops)); then
			assert_line --regexp '^rx\[1\]\.RQDPC +0xc070'
		else
			refute_output --partial RQDPC
		fi
		# the switch of virtual functions has another name and place in each: Linux igb_vmdq_set_loopback_pf()
		run sed -nE 's/^igb\.(D?TXSWC +0x[0-9a-f]+) .*/\1/p' <<<"$output"
		assert_output "$switch"
		tool -s 02:00.0 regs read 'rx[1].RQDPC'
		assert_exit 0
		rm -r "$SYSROOT/sys/bus/pci/devices/$dev"
	done <<-'END'
		8086:10c9 16 0 DTXSWC     0x3500
		8086:1521 8 0 TXSWC      0x5acc
		8086:1538 4 1
		8086:1539 2 1
	END
	while read -r id queues; do
		device "$id" 020000 0 131072
		dump
		refute_output --regexp '^e1000e\.(ICR|ICS|IMC|GPRC|TORH|IAC|SWSM|IVAR|EITR\[[0-9]\]) '
		assert_line --partial "e1000e.RDBAL[$((queues - 1))]"
		refute_output --partial "e1000e.RDBAL[$queues]"
		rm -r "$SYSROOT/sys/bus/pci/devices/$dev"
	done <<-'END'
		8086:10b9 2
		8086:109a 1
		8086:150c 1
	END
	device 10ec:8139 020000 1 256
	dump
	refute_output --regexp '^rtl8139\.(ISR|BMSR|ANER|DIS|FCSC|REC) '
	assert_output --partial 'rtl8139.CONFIG5'
	rm -r "$SYSROOT/sys/bus/pci/devices/$dev"
	device 1b36:0007 080501 0 256
	dump
	refute_output --regexp '^sdhci\.(DATA|FORCE_[A-Z]+) '
	assert_err 'sdhci.DATA is left out'
	tool -s 02:00.0 regs read --unsafe DATA
	assert_exit 0
}

@test "virtio: a capability that is cut off is passed over" {
	device 1af4:1041 020000 2 65536
	fake_begin
	virtio_capability 0x40 0x4c 1 2 0x1100 0x38
	virtio_capability 0x4c 0x60 1 2 0x2100 0x38
	virtio_capability 0x60 0 3 2 0x2000 1
	fake_write
	put 2 0x1112 05 00
	put 2 0x2112 03 00
	tool -s 02:00.0 regs read num_queues
	assert_exit 0
	assert_output 0x0003
}

@test "virtio: a difference reads where the capability says now, not where it said" {
	device 1af4:1041 020000 2 65536
	fake_begin
	virtio_capability 0x40 0 1 2 0x1100 0x38
	fake_write
	put 2 0x1112 05 00
	tool -s 02:00.0 regs snapshot -o s num_queues device_status
	assert_exit 0
	fake_begin
	virtio_capability 0x40 0 1 2 0x2100 0x38
	fake_write
	put 2 0x2112 05 00
	put 2 0x1112 09 00
	put 2 0x2114 01
	tool -s 02:00.0 regs diff s
	assert_exit 8
	assert_output --partial 'device_status 0x00 -> 0x01'
	refute_output --partial num_queues
}

@test "virtio: where the capability says, in whichever BAR; another BAR that is reserved is passed over" {
	device 1af4:1041 020000 2 65536
	fake_begin
	virtio_capability 0x40 0x50 1 7 0 0x1000
	virtio_capability 0x50 0x60 1 2 0x1100 0x38
	virtio_capability 0x60 0x70 3 2 0x2000 1
	virtio_capability 0x70 0 4 2 0x3000 0xc
	fake_write
	put 2 0x1112 03 00 0f
	put 2 0x1120 00 10 20 30 01 00 00 00
	put 2 0x3000 52 54 00 12 34 56
	tool -s 02:00.0 regs read num_queues device_status.DRIVER_OK 'net.mac[5]'
	assert_exit 0
	assert_output "0x0003
0x1
0x56"
	dump
	assert_line --regexp '^common\.num_queues +2:0x1112 +0x0003$'
	assert_line --regexp '^common\.queue_desc +2:0x1120 +0x0000000130201000$'
	assert_line --regexp '^net\.mac\[0\] +2:0x3000 +0x52$'
	# beyond the end that the capability tells, and what a read clears
	refute_output --regexp 'queue_(notif_config_data|reset)|isr\.status'
	tool -s 02:00.0 regs read queue_reset
	assert_exit 2
	assert_err 'it has no common.queue_reset: its virtio capability of type 1 ends at 0x38'
	tool -s 02:00.0 regs write device_status.FAILED=1
	assert_exit 0
	assert_equal "$(od -An -tx1 -j $((0x1114)) -N 1 "$SYSROOT/sys/bus/pci/devices/$dev/resource2")" ' 8f'
	tool -s 02:00.0 regs snapshot
	assert_exit 0
	dump 2:0x1110+0x8
	assert_equal "$(grep -c '^common' <<<"$output")" 5
	# a virtual function has no vendor in config space
	fake_config "$dev" 0 32 0xffffffff
	tool -s 02:00.0 regs read num_queues
	assert_output 0x0003
	fake_config "$dev" 0 32 0x10411af4
	# whoever says a BAR has the last word
	tool --bar-of common=2 -s 02:00.0 regs read num_queues
	assert_output 0x0000
}

@test "virtio: a device without the capability is not guessed at" {
	device 1af4:1000 020000 0 4096
	tool -s 02:00.0 regs dump
	assert_exit 6
	assert_err 'it has no virtio capability of type 1'
	assert_err "regs dump --hex"
	dump --hex
	# a capability of another vendor's form says nothing
	device 1af5:1041 020000 0 4096
	fake_begin
	virtio_capability 0x40 0 1 0 0 0x38
	fake_write
	tool --map "$maps/1af4:1041.map" -s 02:00.0 regs read num_queues
	assert_exit 6
}

@test "a place or a condition that is none is refused with its line" {
	cat >bad.map <<-'END'
		register,ID,0x0,32,ro
		register,BIG,0x8,64,ro,words=2,width=32
		block,a,0x0,0x10,at=virtio
		block,b,0x0,0x10,at=virtio:0
		block,c,0x0,0x10,at=msix:1
		block,D,0x0,0x10
		if,E,ID>0
		if,D,ID
		if,D,NONE>0
		if,D,>0
		if,D,ID+>0
		if,D,ID:3:5>0
		if,D,ID:32>0
		if,D,BIG>0
		if,D,ID:0+ID:1+ID:2+ID:3+ID:4>0
		if,D,ID>x
	END
	run_tool map check bad.map
	assert_exit 8
	for line in 3 4 5 7 8 9 10 11 12 13 14 15 16; do
		assert_output --partial "bad.map:$line: "
	done
	assert_equal "$(grep -c 'bad.map:' <<<"$output")" 13
}

@test "virtio: a capability that says a place that is none spoils only what is there" {
	device 1af4:1041 020000 2 65536
	fake_begin
	virtio_capability 0x40 0x50 1 2 0x1000 0x38
	virtio_capability 0x50 0x60 3 2 0x20000 1
	virtio_capability 0x60 0 4 2 0x3001 0x40
	fake_write
	dump
	assert_output --partial common.num_queues
	assert_output --partial 'net.mac[0]'
	refute_output --partial net.status
	dump --json
	assert_equal "$(jq -r '[.. | .left_out? // empty | .[] | select(.name == "net.status").reason] | first' <<<"$output")" \
		'its virtio capability says a place that is none'
	tool -s 02:00.0 regs read 'net.*'
	assert_exit 0
	tool -s 02:00.0 regs snapshot -o s
	assert_exit 0
	tool -s 02:00.0 regs read --unsafe isr.status
	assert_exit 1
	assert_err "its virtio capability of type 3 says 0x20000 in BAR 2, and that is past the BAR's end"
	tool -s 02:00.0 regs read net.status
	assert_exit 1
	assert_err 'its virtio capability of type 4 says 0x3001 in BAR 2, and that is not aligned as its registers are'
	# a BAR that is not there, and one without room: what is there is read
	fake_config "$dev" 0x64 8 4
	dump
	assert_output --partial common.num_queues
	refute_output --partial 'net.'
	dump --json
	assert_equal "$(jq -r '[.. | .left_out? // empty | .[] | select(.name == "net.status").reason] | first' <<<"$output")" \
		'its virtio capability says a BAR that is not there'
	tool -s 02:00.0 regs read 'net.*'
	assert_exit 0
	tool -s 02:00.0 regs snapshot -o s
	assert_exit 0
	tool -s 02:00.0 regs read net.status
	assert_exit 6
	assert_err 'the device has no BAR 4'
}

@test "a condition stands on what is safe to read and is there; a block has one, and one place" {
	cat >bad.map <<-'END'
		block,host,0x0,0x20
		register,host.N,0x0,32,ro
		register,host.FIFO,0x4,32,ro,read=clear
		register,host.GO,0x8,32,wo
		register,host.LATE,0xc,32,ro
		register,host.PART,0x10,32,ro
		field,host.PART,TAKEN,3:0,ro,read=modify
		block,a,0x100,0x10
		register,a.X,0x0,32,ro
		block,b,0x200,0x10
		if,a,host.FIFO>0
		if,b,host.GO:0>0
		block,c,0x300,0x10
		if,c,host.LATE>0
		effect,host.LATE,read=set
		block,d,0x400,0x10
		if,d,host.PART:8>0
		block,e,0x500,0x10
		register,e.X,0x0,32,ro
		if,e,e.X>0
		block,f,0x600,0x10
		if,f,host.N+e.X>0
		if,f,host.N>0
		block,g,0x700,0x10,bar=1,at=virtio:1,text
		block,h,0x700,0x10,at=virtio:1,bar=1
		block,i,0x700,0x10,bar=1,bar=2
		block,j,0x700,0x10,bar=1,"at=virtio:1 is what this says"
	END
	run_tool map check bad.map
	assert_exit 8
	assert_output --partial 'bad.map:11: if: host.FIFO: reading it clears it, so no condition can stand on it'
	assert_output --partial 'bad.map:12: if: host.GO: it is write-only, so no'
	assert_output --partial 'bad.map:14: if: host.LATE: reading it sets it'
	assert_output --partial 'bad.map:17: if: host.PART: reading it changes it'
	assert_output --partial 'bad.map:20: if: e.X is in the block itself'
	assert_output --partial 'bad.map:22: if: e.X is in e, which has a condition itself'
	assert_output --partial 'bad.map:23: if: f has a condition already'
	assert_output --partial "bad.map:24: block: a block has one place: one bar= or one at=, not 'at=virtio:1' too"
	assert_output --partial 'bad.map:25: '
	assert_output --partial 'bad.map:26: '
	assert_equal "$(grep -c 'bad.map:' <<<"$output")" 10
	# of what is included too
	printf '%s\n' 'block,x,0x0,0x10' 'register,N,0x20,32,ro' 'if,x,N>0' >part.map
	printf '%s\n' 'include,part.map,,0' 'effect,N,read=clear' >board.map
	run_tool map check board.map
	assert_exit 8
	assert_output --partial 'board.map:1: if: N: reading it clears it'
	printf '%s\n' 'register,M,0x40,32,ro' 'block,x,0x0,0x10' 'if,x,M>0' 'include,one.map,,x' >board.map
	printf '%s\n' 'register,N,0x20,32,ro' 'block,x,0x0,0x10' 'if,x,N>0' >one.map
	run_tool map check board.map
	assert_exit 8
	assert_output --partial 'board.map:4: include: x has a condition already'
}

@test "a sum of large numbers is large" {
	device 1111:2222 020000 0 4096
	cat >large.map <<-'END'
		register,A,0x0,64,ro
		register,B,0x8,64,ro
		block,x,0x100,0x10,bar=0
		register,x.X,0x0,32,ro
		if,x,A+B>0
	END
	put 0 0 00 00 00 00 00 00 00 80 00 00 00 00 00 00 00 80
	tool --map large.map -s 02:00.0 regs dump
	assert_exit 0
	assert_line --regexp '^x\.X '
}

@test "NVMe: memory of the controller's, boot partitions and the rest are there where CAP says so" {
	device 1b36:0010 010802 0 16384
	put 0 0xe00 98 04 02 01 01 00 00 00 00 14
	put 0 0x64 00 00 00 00 05 00 07 00
	dump
	refute_output --regexp '^(boot|cmb|shutdown|ready|pmr)\.'
	# PMRS
	put 0 0x7 01
	dump
	assert_line --regexp '^ +PMRTU +9:8 +0x0 +HALF_SECOND'
	assert_line --regexp '^pmr.PMRMSCU +0x0?0?e18 '
	refute_output --regexp '^(boot|cmb|shutdown|ready)\.'
	tool -s 02:00.0 regs read --names PMRSTS.HSTS PMRCAP.PMRTO PMRCTL.EN
	assert_output $'READ_ONLY\n0x02\n0x1'
	# BPS, CMBS, NSSS, one of CRMS
	put 0 0x5 20 00 16
	dump
	for name in boot.BPMBL cmb.CMBSWTP shutdown.NSSD ready.CRTO; do
		assert_line --regexp "^$name "
	done
	tool -s 02:00.0 regs read CRTO.CRWMT CRTO.CRIMT
	assert_output $'0x0005\n0x0007'
}

@test "patterns are no names: what is not there is left out of a read, a watch and a difference" {
	device 8086:2922 010601 5 4096
	put 5 0x0c 05 00 00 00
	put 5 0x128 13 01 00 00
	tool -s 02:00.0 regs read 'port[*].SSTS'
	assert_exit 0
	assert_equal "$(wc -l <<<"$output")" 2
	refute_output --partial 'port[1]'
	tool -s 02:00.0 regs read 'port[*].SSTS.SPD' 'port[1].SIG'
	assert_exit 0
	tool -s 02:00.0 regs watch --csv --timeout 10ms 'port[*].SSTS'
	assert_exit 0
	assert_output --partial 'port[2].SSTS'
	refute_output --partial 'port[1]'
	tool -s 02:00.0 regs read 'port[1].*'
	assert_exit 6
	assert_err "'port[1].*': nothing of that is there, as the map's conditions have it"
	tool -s 02:00.0 regs dump 'port[1].*'
	assert_exit 6
	tool -s 02:00.0 regs snapshot -o s
	tool -s 02:00.0 regs diff s
	assert_exit 0
	# a port that went is not read
	put 5 0x0c 01 00 00 00
	tool -s 02:00.0 regs diff s
	assert_exit 8
	assert_line --regexp '^host\.PI 0x00000005 -> 0x00000001$'
	assert_line 'port[2].CMD only in the first'
	refute_output --partial 'port[0]'
}

@test "regs load refuses what a condition says is not there, before the first store" {
	device 8086:2922 010601 5 4096
	put 5 0x0c 05 00 00 00
	head -c 16 /dev/zero | tr '\0' '\252' >bytes
	# up to a register of port 1, from one of port 0
	tool -s 02:00.0 regs load -i bytes 5:0x178
	assert_exit 6
	assert_err "'port[1].CLB' is not there, as the map's conditions have it"
	tool -s 02:00.0 regs read 5:0x178
	assert_output 0x00000000
	tool -s 02:00.0 regs load -i - 'port[1].CLB' <bytes
	assert_exit 6
	tool -s 02:00.0 -D regs load -i bytes 'port[1].CLB'
	assert_exit 6
	tool -s 02:00.0 regs load -i bytes 'port[2].CLB'
	assert_exit 0
	tool -s 02:00.0 regs read 'port[2].CLB' 'port[1].CLB'
	assert_output $'0xaaaaaaaa\n0x00000000'
}

@test "regs test refuses what a condition says is not there, before the first store; a dump by address shows it" {
	device 8086:2922 010601 5 4096
	put 5 0x0c 05 00 00 00
	put 5 0x180 11 22 33 44
	# from a register of port 0 into one of port 1; by address, by name, and as it would be
	for range in 5:0x178+0x10 'port[1].CLB+8'; do
		tool -s 02:00.0 regs test "$range"
		assert_exit 6
		assert_err "'port[1].CLB' is not there, as the map's conditions have it"
	done
	tool -s 02:00.0 -D regs test 5:0x178+0x10
	assert_exit 6
	tool -s 02:00.0 regs test 5:0x200+0x10
	assert_exit 0
	tool -s 02:00.0 regs dump 5:0x180+4
	assert_exit 0
	assert_output --partial 44332211
}

@test "a condition and a place go with what is included, and through the formats' warning" {
	cat >part.map <<-'END'
		block,own,0x10,0x10,bar=3
		register,own.N,0x0,32,ro
		block,more,0x20,0x10
		register,more.X,0x0,32,ro
		if,more,own.N:7:4+own.N:0>2
	END
	printf '%s\n' 'register,FIRST,0x0,32,ro' 'include,part.map,1,0x100,as=p' >board.map
	pcietool map convert --to text board.map >all
	grep -qxF 'if,p.more,p.own.N:7:4+p.own.N:0>2' all
	run_tool map show --map board.map
	assert_line --regexp '^block p\.more +0x120 size 0x10 BAR 1 if p\.own\.N:7:4\+p\.own\.N:0>2$'
	run_tool --json map show --map board.map
	assert_equal "$(jq -r '.blocks[] | select(.name == "p.more").if' <<<"$output")" 'p.own.N:7:4+p.own.N:0>2'
	# of a single block that is called otherwise too, as is its BAR
	printf '%s\n' 'block,v,0x0,0x10,at=virtio:1' 'register,v.A,0x0,32,ro' >one.map
	printf '%s\n' 'block,w,0x40,0x10,bar=3' 'register,w.A,0x0,32,ro' >three.map
	printf '%s\n' 'include,one.map,,0,as=x' 'include,one.map,2,0x80,as=y' 'include,three.map,,0,as=z' >board.map
	pcietool map convert --to text board.map >all
	grep -qxF 'block,x,0x0,0x10,at=virtio:1' all
	grep -qxF 'block,y,0x80,0x10,bar=2' all
	grep -qxF 'block,z,0x40,0x10,bar=3' all
	run_tool map convert --to svd board.map
	assert_exit 0
	assert_err 'at= and if of blocks'
}

@test "without a device a place is not known, and nothing is named by it" {
	run_tool --map "$TOP/maps/1af4:1041.map" regs decode 0x14=0xf
	assert_exit 2
	run_tool --map "$TOP/maps/1af4:1041.map" regs decode device_status=0xf
	assert_exit 0
	assert_line --regexp 'DRIVER_OK +2 +0x1'
}
