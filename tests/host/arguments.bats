#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Arguments that are wrong, of every command: exit status 2, the argument and what it may be; and nothing was looked at or
# written. What is wrong only of a certain device or file is in the tests of the command.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_tree
	fake_pci 0000:01:00.0 0x1234 0x11e8 0x00ff00
	mkdir "$BATS_TEST_TMPDIR/here"
	cd "$BATS_TEST_TMPDIR/here" || return
	printf '%s\n' map,m register,R,0x0,32,rw field,R,F,3:0,rw >m.map
	echo 1 >f
	# the device is chosen by the environment: not all commands take -s
	export PCIETOOL_DEVICE=01:00.0
}

# Each line of standard input: a command's words, ' => ', what the message has.
refused() {
	local line text words
	while IFS= read -r line; do
		text=${line##* => }
		eval "words=(${line% => *})"
		run_tool --sysroot "$SYSROOT" "${words[@]}" </dev/null
		[[ " ${words[*]} " != *' -j '* ]] || output=''
		[[ $status -eq 2 && -z $output && $stderr == *"$text"* ]] ||
			fail "$line: exit $status, stdout '$output', stderr '$stderr'"
		[[ $stderr == *$'\nhint: '* ]] || fail "$line: no hint: $stderr"
	done
	assert_equal "$(echo *)" 'f m.map'
}

@test "numbers, times and widths: whose they are" {
	refused <<-'END'
		irq enable --type msix --vectors x => --vectors: 'x' is not a number
		irq enable --vectors 0 => --vectors: 1 to 2048 are possible, not 0
		irq enable --vectors 9999 => --vectors: 1 to 2048 are possible, not 9999
		irq enable --type intx --vectors 2 => --vectors: INTx is one, not 2
		irq wait --vector 9999 => --vector: vectors are 0 to 2047, not 9999
		irq wait --vector x => --vector: 'x' is not a number
		irq wait --since x => --since: 'x' is not a number
		irq wait --timeout 5 => --timeout: '5' is a time without a unit
		irq wait --timeout soon => --timeout: 'soon' is not a time
		msi show 5000 => vectors are 0 to 2047, not 5000
		msi show x => 'x' is not a number
		regs read -b 9 0x0 => -b: there is no BAR 9: BARs are 0 to 5
		regs read 6:0x0 => '6:0x0': there is no BAR 6: BARs are 0 to 5
		regs read -w 12 0x0 => -w: '12' is not an access width: 8, 16, 32 or 64
		regs read 0x0/12 => '0x0/12': '12' is not an access width
		regs read --map m.map --base x R => --base: 'x' is not a number
		regs wait R==1 --map m.map --timeout 5x => --timeout: '5x' is not a time
		regs watch --map m.map R --interval x => --interval: 'x' is not a time
		dma alloc --name tx 12q => '12q' is not a number
		dma alloc --name tx 0 => a buffer of no bytes is no buffer
		dma fill tx+x --pattern zero => 'tx+x': 'x' is not a number
		dma fill tx --pattern zero --seed x => --seed: 'x' is not a number
		dma fill tx --pattern constant: => constant: a number is missing
		dma capture --block 12q --size 1k --each 0x0=1 --done 0x0==1 => --block: '12q' is not a number
		dma capture --block 4k --size x --each 0x0=1 --done 0x0==1 => --size: 'x' is not a number
		dma capture --block 4k --size 1k --irq x => --irq: 'x' is not a number
		dma capture --block 4k --size 1k --each 0x0=1 --done 0x0==1 --interval x => --interval: 'x' is not a time
		dma capture --block 4k --size 1k --head 0x0 --head-unit z => --head-unit: 'z' is not a number
		bench dma --bytes 12q --recipe f => --bytes: '12q' is not a number
		bench dma --bytes 0 --recipe f => --bytes: '0': no such size
		bench dma --sizes , --recipe f => --sizes: a number is expected at ','
		bench mmio --map m.map R --count 0 => --count is 1 to 10000000
		bench irq --map m.map R=1 --count x => --count: 'x' is not a number
		bench compare f f --worse-than x => --worse-than: 'x' is not a number
		twin serve --socket x --bar 0=4q => --bar: '4q' is not a number
		twin serve --socket x --bar 0= => --bar: a number is missing
		twin serve --socket x --bar 0=0 => --bar: '0': a BAR of no bytes
		twin serve --socket x --bar 6=4k => --bar: '6=4k' is not N=SIZE, with N from 0 to 5
		twin serve --socket x --bar 0=4k,63 => '4k,63': a BAR is SIZE, and behind it ',64' and ',prefetch'
		link margin --receiver 7 => --receiver: a receiver is 1 to 6
		link margin --receiver 0 => --receiver: a receiver is 1 to 6
		link margin --error-limit 64 => --error-limit: it is 0 to 63
		link margin --error-limit x => --error-limit: 'x' is not a number
		link margin --dwell x => --dwell: 'x' is not a time
		link margin --lane x => --lane: 'x' is neither a lane nor 'all'
		link speed 9 => '9' is no speed
		bar resize 7 16M => BARs are 0 to 5, not 7
		bar resize 0 3M => a BAR's size is a power of two from 1M on, not 3M
		bar resize 0 512k => a BAR's size is a power of two from 1M on, not 512k
		driver bind --mask 65 => --mask: 65 is not 12 to 64 bits
		driver bind --mask x => --mask: 'x' is not a number
		sriov numvfs x => 'x' is not a number
		session --rt 100 -- true => a real-time priority is 1 to 99, not 100
		session --cpu x -- true => --cpu: 'x' is not a number
	END
}

@test "words that are none of those that there are" {
	refused <<-'END'
		list --via nope => --via: 'nope' is none of auto, sysfs, devmem, helper, vfio, uio
		list --color blue => --color: 'blue' is none of auto, always, never
		list -d zz => -d: 'zz' is no device id: the ':' is missing
		regs nope => 'nope' is no verb of it
		nope => 'nope' is no command
		irq enable --type foo => --type: 'foo' is none of auto, intx, msi, msix
		map convert --map m.map --to yaml => --to: 'yaml' is none of text, svd, ipxact, header, markdown
		trace export --to perl f => --to: 'perl' is none of batch, c, map, lua
		link aspm l3 => 'l3' is nothing that ASPM can be set to
		reset --method 'a b' => --method: 'a b' is no name of one
		slot power maybe => 'maybe' is neither on nor off
		config show NOPE => 'NOPE': no capability and no register has that name
		config names NOPE => 'NOPE': no capability has that name
		config read NOPE => 'NOPE': config space has no register of that name
		config read CAP_EXP@x => a decimal number must follow '@'
		config read COMMAND@1 => only capabilities can be numbered with '@'
		config write COMMAND=x => 'x' is no number, and only values of a field have names
		dma fill tx --pattern nope => 'nope' is no pattern
		dma alloc --name 'a b' 4k => 'a b' is no buffer name
		driver bind --owner nobodyatall => --owner: there is no user 'nobodyatall'
		regs read --map m.map --bar-of X=7 R => --bar-of: 'X=7' is not NAME=N with a BAR of 0 to 5
		regs read --map m.map --bar-of X=1 R => --bar-of: m.map has no block 'X'
		regs write 'R=@tx.mid' => '.mid' is none of .lo, .hi, .size
	END
}

@test "what is missing, or one too many, or does not go together" {
	refused <<-'END'
		list extra => 'extra' is one operand too many
		bar resize 0 => an operand is missing
		p2p 01:00.0 => an operand is missing
		session => an operand is missing
		trace record => an operand is missing
		mount a b => 'b' is one operand too many
		config save => A file is missing
		dma alloc 4k => --name NAME is missing
		dma write tx => what to write: -i FILE, or VALUEs
		dma write tx -i f 0x1 => what to write: -i FILE, or VALUEs
		dma fill tx => --pattern PATTERN is missing
		dma verify tx => --pattern PATTERN is missing
		dma free => which buffers: names, or --all
		dma free tx --all => which buffers: names, or --all
		dma fill tx --pattern prbs31 --seed 0 => the seed of prbs31 cannot be 0
		dma fill tx --pattern count8 --seed 0x100 => the seed of count8 is at most 0xff, not 0x100
		dma fill tx --pattern ones --seed 1 => the pattern ones has no seed
		dma capture --plot-rate -j --size 1k => --plot-rate draws, and is no JSON
		twin serve => --socket is needed
		link margin --plot => --plot draws what --lane measures
		link margin --plot -j --lane 0 => --plot draws, and is no JSON
		metrics -j => metrics are Prometheus' text, not JSON
		bench mmio 0x0 --plot x.svg --hgrm x.svg => --plot and --hgrm are one file
		trace record -o /dev/stdout -j -- true => standard output cannot have both JSON and the trace
		regs decode --map m.map => an operand is missing: REG=VALUE, or a snapshot with -i FILE
		regs decode --map m.map -i f R=1 => either -i FILE or REG=VALUE operands, not both
		regs write R => a write is REF=VALUE or REF=VALUE:MASK
		regs write --map m.map 'R*=1' => one register is needed here, not a glob
		regs wait R => a condition is REF==VALUE
		regs read --map m.map R.F+4 => 'R.F' is a field: it has neither an offset nor a width of its own
		regs read 0x0+0x100 => an offset is added to a name, not to a number
		mem read R => mem has no names, only addresses
		mem read 0:0x0 => there are no BARs in physical memory
		mem read @tx => @tx: DMA memory is an operand of regs
	END
	run_tool --sysroot "$SYSROOT" check --nagios -j
	assert_exit 3
	assert_err '--nagios is text, not JSON'
}

@test "an empty word, as of a variable that is not set, is told as that" {
	refused <<-'END'
		batch '' => an operand is empty
		config diff '' => an operand is empty
		dma alloc --name tx '' => an operand is empty
		link speed '' => an operand is empty
		p2p '' 01:00.0 => an operand is empty
		regs read '' => an operand is empty
		sriov numvfs '' => an operand is empty
		trace show '' => an operand is empty
		map show '' => an operand is empty
		regs read --map '' 0x0 => --map: the name of a file is expected, this is empty
		config save -o '' => -o: the name of a file is expected, this is empty
		check --baseline '' => --baseline: the name of a file is expected, this is empty
		twin serve --socket '' => --socket: the name of a file is expected, this is empty
		twin run --initrd-modules '' -- true => --initrd-modules: the name of a file is expected, this is empty
		list -s '' => -s: '' is no device address: it is empty
		session --cpu '' -- true => --cpu: a number is missing
	END
	# an argument of what is run is its own
	run_tool --sysroot "$SYSROOT" session -D -- true ''
	refute_output --partial 'an operand is empty'
	[[ $stderr != *'is empty'* ]]
	# --sysroot without a folder is the machine's own tree, as ever
	run_tool --sysroot '' list
	assert_exit 0
}
