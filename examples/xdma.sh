#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Brings an XDMA board up without a driver for it, and saves its memory or its stream to a file. For root.
#
#   examples/xdma.sh ADDRESS helper|vfio memory|stream BYTES FILE [OPTION...]      options of dma capture
set -eu

here=$(dirname "$0")
export PCIETOOL_DEVICE="$1" PCIETOOL_MAP="$here/xdma.map"
to=$2 what=$3 size=$4 file=$5
shift 5
case $what in
memory) recipe=$here/xdma.recipe stream=0 ;;
stream) recipe=$here/xdma-stream.recipe stream=0x8000 ;;
*)
	echo "memory or stream, not $what" >&2
	exit 2
	;;
esac

pcietool driver bind --to "$to"
trap 'pcietool driver release' EXIT
# is it an XDMA, and of that kind? PG195: 0x1fc, 1 for card-to-host; bit 15 for a stream. VFIO decodes while it is open.
if [ "$to" != vfio ]; then
	pcietool config write COMMAND=6:6
	pcietool regs wait "C2H0.ID==0x1fc10000|$stream:0xffff8000" --timeout 0s
fi
pcietool dma capture --recipe "$recipe" --size "$size" --timeout 10s -o "$file" "$@"
