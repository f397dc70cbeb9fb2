#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: pciutils 1:3.15.0-2 (lspci -F), of Debian unstable
# guess:   its new word "Interrupts:" is all that changed in the line; a 1 in Interrupt Pin is INTA (PCI 3.0 section 6.2.4),
#          and is shown as "pin A", as 3.9 and 3.13 show it.
# seen:    "Interrupts: pin B routed to IRQ 11" for a 1, "pin C" for a 2: one letter too far.
# matters: who looks for the line that an INTx device is on, or compares two machines with different lspci, is led astray.
set -euo pipefail

version=1:3.15.0-2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unavailable() {
	cat log
	exit 2
}

# An apt state of its own for unstable, from the mirror that this machine uses.
# shellcheck disable=SC2016 # apt's own words
site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m 1 /debian) || unavailable
mkdir -p lists/partial cache/archives/partial
touch status
cat >conf <<END
Dir::Etc::sourcelist "$work/sources";
Dir::Etc::sourceparts "-";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
END
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site sid main" >sources
export APT_CONFIG=$work/conf
apt-get -q -o Acquire::Check-Valid-Until=false update >log 2>&1 || unavailable
mapfile -t needed < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
	--no-replaces --no-enhances pciutils | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx pciutils)
apt-get -q download "pciutils=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)
lspci() {
	"$loader" --library-path "$libraries" root/usr/bin/lspci "$@" 2>/dev/null
}

# The header of a device on IRQ 11: its pin is the byte at 0x3d.
header() {
	echo '00:00.0 a device'
	echo '00: 34 12 e8 11 00 00 00 00 00 00 00 ff 00 00 00 00'
	echo '10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	echo '20: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
	echo "30: 00 00 00 00 00 00 00 00 00 00 00 00 0b 0$1 00 00"
}

lspci --version
for pin in 1 2; do
	header $pin >dump
	echo "Interrupt Pin $pin: $(lspci -vv -n -F dump | grep Interrupt)"
	wanted=$(tr 12 BC <<<"$pin")
	lspci -vv -n -F dump | grep -q "Interrupts: pin $wanted routed to IRQ 11"
done
