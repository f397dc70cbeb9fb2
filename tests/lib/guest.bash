# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# More words for what runs in the guest:  load ../lib/guest  after common.

# qmp COMMAND [ARGUMENTS]: one command to QEMU's monitor, which is at the other end of the guest's
# second serial port. Prints the reply's line.
qmp() {
	local reply
	reply=$(qmp_once "$@") || return
	# The first words on the line may have been lost in the noise of its opening.
	[[ $reply != *"Expecting capabilities"* ]] || reply=$(qmp_once "$@") || return
	printf '%s\n' "$reply"
}

qmp_once() {
	local id=t$BASHPID-$RANDOM port line left=200
	{
		flock 9
		exec {port}<>/dev/ttyS1
		# The first byte has QEMU forget half a line: before the port was set to raw mode, the kernel
		# may have echoed part of the greeting. Negotiated already? Then that is answered with an
		# error that nobody reads.
		printf '\377%s\n%s\n' '{"execute":"qmp_capabilities"}' \
			"{\"execute\":\"$1\",\"arguments\":${2:-"{}"},\"id\":\"$id\"}" >&"$port"
		# The greeting, the answer above and events come in between.
		while ((left-- > 0)) && read -r -t 20 line <&"$port"; do
			[[ $line == *"\"id\": \"$id\""* ]] && break
			line=
		done
		exec {port}>&-
	} 9>/run/qmp.lock
	if [[ -z $line ]]; then
		echo "no answer from QEMU's monitor to $1" >&2
		return 1
	fi
	printf '%s\n' "${line%$'\r'}"
}

# hmp LINE: a line for the human monitor; prints what it says. Fails where that is an error.
hmp() {
	local text=${1//\\/\\\\} reply
	reply=$(qmp human-monitor-command "{\"command-line\":\"${text//\"/\\\"}\"}") || return
	reply=$(jq -r 'if .error then "Error: " + .error.desc else .return end' <<<"$reply" | tr -d '\r')
	[[ -z $reply ]] || printf '%s\n' "$reply"
	[[ $reply != Error:* && $reply != "unknown command"* ]]
}

# trace_on, trace_off: have QEMU write down each access to a device's registers, at its true width.
trace_on() {
	hmp 'trace-event memory_region_ops_read on' && hmp 'trace-event memory_region_ops_write on' || return
	stat -c %s /vmout/trace >/run/trace-start
}

trace_off() {
	hmp 'trace-event memory_region_ops_read off' && hmp 'trace-event memory_region_ops_write off' || return
	stat -c %s /vmout/trace >/run/trace-end
}

# trace_lines REGION [BASE]: the accesses between trace_on and trace_off to a region by QEMU's name
# (such as edu-mmio), a line each: read|write OFFSET SIZE VALUE, in hex but for the size, the offset
# counted from BASE.
trace_lines() {
	local base=${2:-0} start end op addr value size
	read -r start </run/trace-start
	read -r end </run/trace-end
	tail -c +$((start + 1)) /vmout/trace | head -c $((end - start)) |
		sed -n "s/.*memory_region_ops_\(read\|write\) .* addr \(0x[0-9a-f]*\) value \(0x[0-9a-f]*\) size \([0-9]*\) name '$1'.*/\1 \2 \3 \4/p" |
		while read -r op addr value size; do
			printf '%s 0x%x %d %s\n' "$op" $((addr - base)) "$size" "$value"
		done
}

# io_base BDF BAR: where I/O ports begin in QEMU's trace: arm64's machine has them in its memory (hw/arm/virt.c,
# VIRT_PCIE_PIO), with rtl8139 a memory BAR beside them in one region.
io_base() {
	local base=0
	[[ $(uname -m) != aarch64 ]] || base=$((0x3eff0000))
	printf '0x%x\n' $(($(bar_base "$1" "$2") + base))
}
