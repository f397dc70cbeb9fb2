#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The schemas of the JSON documents: well-formed, one for each command, and held against a document they find what is wrong.
# That the documents of all tests are as they say is a result of tests/run itself, by the same program; what other tests
# look at as text alone is shown here, for that.

load ../lib/common
load ../lib/fake_device
load ../lib/fake_express

commands() {
	pcietool --help | sed -n '/^Commands:/,/^$/s/^  \([a-z0-9]\+\( [a-z]\+\)\?\)  .*/\1/p'
}

# documents LINE...: what tests/schemas says of these
documents() {
	printf '%s\n' '#some.bats: some test' "$@" >"$BATS_TEST_TMPDIR/documents"
	run "$TOP/tests/schemas" "$BATS_TEST_TMPDIR/documents"
}

# wrong TEXT LINE...: it finds that in them, and names the test
wrong() {
	documents "${@:2}"
	assert_failure
	assert_line --partial "# documents: some.bats: some test: $1"
}

@test "the schemas are valid, leave no key open, and what they share is the same" {
	run "$TOP/tests/schemas" check
	assert_success
	assert_output ''
}

@test "each command has a schema, and each schema a command" {
	# the documents that are not of one command
	{
		printf '%s\n' dma-capture-index dma-play-index error list-tree report-info report-vpd
		commands | tr ' ' -
	} | sort >"$BATS_TEST_TMPDIR/commands"
	"$TOP/tests/schemas" list | sed 's|/.*||' | sort | diff "$BATS_TEST_TMPDIR/commands" -
}

@test "each key that a command writes is in a schema, whether a test comes by or not" {
	cd "$BATS_TEST_TMPDIR"
	grep -ohE '(writer|field|write|render)_[a-z_]+\([a-z>.-]+, "[a-z0-9_]+"' "$TOP"/cli/{cmd/,}*.c |
		sed '/^writer_\(document\|text\)/d; s/.*"\(.*\)"/\1/' | sort -u >written
	[ "$(wc -l <written)" -gt 200 ]
	jq -r '.. | objects.properties // empty | keys[]' "$TOP"/schemas/*.json | sort -u >known
	run comm -23 written known
	assert_output ''
}

@test "a document is held against its schema" {
	local good='"address":"0000:00:01.0","dry_run":false,"writes":[]' before='{"schema":"pcietool/aer-mask/1"'
	documents "$before,$good}" '{"schema":"no document of ours"}'
	assert_success
	assert_line 'ok 1 each of 1 JSON documents that tests saw is as its schema says'
	wrong 'aer-mask/1: $: Additional properties' "$before,$good,\"more\":1}"
	wrong "aer-mask/1: \$.address: '00:01.0' does not match" "$before,${good/0000:/}}"
	wrong "aer-mask/1: \$.dry_run: 'no' is not of type" "$before,${good/false/\"no\"}}"
	wrong "aer-mask/1: \$: 'error' is a required property or 'address' is" "$before,\"dry_run\":false,\"writes\":[]}"
	wrong 'there is no schema for aer-masks/1' '{"schema":"pcietool/aer-masks/1"}'
	wrong 'twice in one object: dry_run' "$before,$good,\"dry_run\":true}"
	wrong 'Expecting' "$before,$good"
}

@test "null has its reason, and nothing else has one" {
	local before='{"schema":"pcietool/power-show/1","address":"0000:00:01.0","runtime_status":"active","control":"on",'
	documents "$before\"power_state\":null,\"power_state_reason\":\"gone\",\"d3cold_allowed\":true}"
	assert_success
	wrong 'power-show/1: power_state is null without' "$before\"power_state\":null,\"d3cold_allowed\":true}"
	wrong 'power-show/1: power_state_reason beside' \
		"$before\"power_state\":\"D0\",\"power_state_reason\":\"gone\",\"d3cold_allowed\":true}"
}

@test "a document in a batch's is held against its own; an error beside it is its error" {
	local before='{"schema":"pcietool/batch/1","line":1,"command":"irq disable","result":{"schema":"pcietool/irq-disable/1"'
	local error='"error":{"code":"usage","message":"a message","hint":null,"hint_reason":"none","exit":2}'
	documents "$before,\"dry_run\":false}}" "$before},$error}" '{"schema":"pcietool/batch/1","line":1,"command":"x","result":null}'
	assert_success
	wrong 'irq-disable/1: $: ' "$before}}"
	wrong 'irq-disable/1: $: Additional' "$before,\"dry_run\":false,\"more\":1}}"
}

@test "a schema that no test saw a document of is told" {
	printf '#t\n{"schema":"pcietool/irq-disable/1","dry_run":true}\n' >"$BATS_TEST_TMPDIR/documents"
	run "$TOP/tests/schemas" -s 'host vm' "$BATS_TEST_TMPDIR/documents"
	assert_failure
	assert_line 'not ok 2 a test saw a document of each schema'
	assert_line '# acs-show/1'
	refute_line '# irq-disable/1'
}

@test "a wrong word of each command is a document of its schema" {
	local command
	while read -r command; do
		# shellcheck disable=SC2086 # noun and verb
		run_tool -j $command --no-such-option
		assert_exit 2
		[[ $output == "{\"schema\":\"pcietool/${command/ /-}/"?'","error":{'* ]]
		printf '%s\n' "$output" >>"$BATS_TEST_TMPDIR/all"
	done < <(commands)
	run_tool -j no such command
	assert_exit 2
	printf '%s\n' "$output" >>"$BATS_TEST_TMPDIR/all"
	run "$TOP/tests/schemas" "$BATS_TEST_TMPDIR/all"
	assert_success
	assert_line "ok 1 each of $(wc -l <"$BATS_TEST_TMPDIR/all") JSON documents that tests saw is as its schema says"
}

# shows COMMAND...: each has a JSON document, and no error
shows() {
	local command
	for command; do
		# shellcheck disable=SC2086 # words
		run_tool --sysroot "$SYSROOT" -j $command
		assert_exit 0
		[[ $output == '{"schema":"pcietool/'* ]] || fail "$command: $output"
	done
}

@test "documents of registers, config space and memory" {
	fake_edu
	export PCIETOOL_DEVICE=$dev PCIETOOL_MAP=$TOP/examples/edu.map
	mkdir -p "$SYSROOT/dev"
	truncate -s 4096 "$SYSROOT/dev/mem"
	cd "$BATS_TEST_TMPDIR"
	head -c 64 /dev/urandom >data
	shows 'regs read ID 0x10' 'regs write LIVENESS=3 0x20=1:1' 'regs load -i data 0x100' 'regs wait ID!=0' 'regs dump 0x0+0x10' \
		'regs dump -o raw 0x0+0x10' 'regs snapshot -o one.regs' 'regs write LIVENESS=4' 'regs snapshot -o two.regs' \
		'regs snapshot' 'regs decode ID=0x010000ed DMA_CMD=5' 'regs decode -i one.regs' 'regs test 0x400+0x100' \
		'config read COMMAND 0x10' 'config dump' 'config write -D COMMAND=2:2' 'config save -o one.config' 'config diff one.config' \
		'mem read 0x0' 'mem write 0x10=5' 'mem dump 0x0+0x20'
	run_tool --sysroot "$SYSROOT" -j regs diff one.regs two.regs
	assert_exit 8
	assert_json '.differences | length' 1
	printf 'register,A,0x1,32,rw\n' >bad.map
	run_tool -j map check bad.map
	assert_exit 8
	shows "map check $PCIETOOL_MAP" "twin run -D --config $TOP/examples/twins/oneshot.config --bar 2=1M -- true"
}

@test "documents of links, errors, power and slots" {
	fake_tree
	fake_fabric
	fake_extended 0000:06:00.0 0x100 1 0
	fake_extended 0000:00:03.0 0x100 1 0
	fake_config 0000:02:01.0 0x52 16 $((1 | 2 << 4 | 1 << 13))
	fake_write
	local severity
	for severity in correctable nonfatal fatal; do
		fake_attribute 0000:06:00.0 aer_dev_$severity $'RxErr 0\nTOTAL_ERR 0'
	done
	fake_attribute 0000:06:00.0 power/control auto
	fake_attribute 0000:06:00.0 power/runtime_status active
	folder=$SYSROOT/sys/bus/pci/slots/7
	mkdir -p "$folder"
	echo 0000:06:00 >"$folder/address"
	echo 1 >"$folder/power"
	echo 0 >"$folder/attention"
	shows 'slot power on -s slot:7' 'slot led blink -s slot:7' 'link retrain -s 04:00.0 -D' 'link speed 3 -s 03:00.0 -D' 'link disable -s 04:00.0 -D' 'link enable -s 04:00.0 -D' \
		'link enable -s 04:00.0' 'aer clear -s 06:00.0' 'aer mask -s 06:00.0 BadTLP -D' 'aer mask -s 06:00.0 BadTLP' \
		'aer unmask -s 06:00.0 BadTLP' 'aer watch -s 06:00.0 --timeout 20ms --interval 10ms' 'power on -s 06:00.0' \
		'power on -s 06:00.0 -D' 'power auto -s 06:00.0'
}
