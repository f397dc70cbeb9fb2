# SPDX-License-Identifier: GPL-2.0-or-later
#
# awk -v release=... -f known-splats.awk LOG LOG: the kernel's log without what is known and no fault of the helper's, which is
# counted at the end. Each is known by what is in it, in the kernels that it was seen in; another one of its kind is not.

FNR == NR { kept_for_ever = kept_for_ever || /are kept for ever: the function has no reset/; next }

# nvme leaves the kernel with its queues frozen, as remove and reset go on in another process (6.12.117)
/WARNING: lock held when returning to user space!/ { begin("nvme_start_freeze", release ~ /^6\.12\.117/, 7) }
# pciehp takes its reset lock and the rescan lock in two orders (6.1.176, 6.12.117, 7.3.4)
/WARNING: possible circular locking dependency detected/ {
	begin("pciehp_configure_device", release ~ /^(6\.1\.176|6\.12\.117|7\.3\.4)($|[^0-9])/, 200, "</TASK>")
}
# memory that a device was told of, and that nothing can take back, is never freed: the DMA API calls that a leak, rightly
/DMA-API: .*: device driver has pending DMA allocations while released from device/ {
	begin("pcietool", kept_for_ever, 200, "DMA-API: Mapped at:", 6)
}

{
	if (!left) { print; next }
	block = block $0 "\n"
	left--
	if (last && index($0, last)) { left = more; last = "" }
	if (!left) flush_block()
}

# What follows is one if SIGN is in it, in LINES at most or MORE behind the one with LAST.
function begin(sign_, is_known_, lines, last_, more_) {
	if (left) flush_block()
	sign = sign_; is_known = is_known_; left = lines; last = last_; more = more_ + 0; block = ""
}

function flush_block() {
	if (is_known && index(block, sign)) known[sign]++
	else printf "%s", block
	left = 0
}

END {
	if (left) flush_block()
	for (sign in known) printf "known: %s, %d\n", sign, known[sign]
}
