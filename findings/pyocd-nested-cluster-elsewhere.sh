#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: python3-pyocd 0.45.0+ds-1 (its SVD reader), of Debian unstable
# guess:   a register of a cluster within a cluster is at the peripheral's base plus all the offsets on the way:
#          addressOffset is "relative to the baseAddress of the grouping element", and clusters nest (CMSIS-SVD 1.3,
#          /device/peripherals/peripheral/registers/.../cluster). One of a cluster on the first level is.
# seen:    the outer cluster's offset, increment and name are left out, the inner one's are counted twice. What is at
#          244 of channel 0 is DESC0_DESC0_ADDR at 84, where another register is; channel 1's first descriptor and
#          channel 0's second are at one address.
# matters: "pyocd commander" reads and writes registers by these addresses (reg, wreg). Who writes a buffer's address into
#          a descriptor writes it into some other register, and reads it back from there.
set -euo pipefail

version=0.45.0+ds-1
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
	--no-replaces --no-enhances python3-pyocd | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx python3-pyocd)
apt-get -q download "python3-pyocd=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)
python() {
	PYTHONHOME=$work/root/usr PYTHONPATH=$work/root/usr/lib/python3/dist-packages \
		"$loader" --library-path "$libraries" "$(find root/usr/bin -name 'python3.[0-9]*' | head -n 1)" "$@"
}

# register NAME OFFSET
register() {
	echo "<register><name>$1</name><description>$1</description><addressOffset>$2</addressOffset></register>"
}

# cluster NAME OFFSET INCREMENT, what is in it on standard input: two of it
cluster() {
	echo "<cluster><dim>2</dim><dimIncrement>$3</dimIncrement><name>$1%s</name><description>$1</description>"
	echo "<addressOffset>$2</addressOffset>$(cat)</cluster>"
}

cat >card.svd <<END
<?xml version="1.0" encoding="utf-8"?>
<device schemaVersion="1.3">
  <name>CARD</name><version>1</version><description>A card</description>
  <addressUnitBits>8</addressUnitBits><width>32</width><size>32</size>
  <peripherals>
    <peripheral>
      <name>DMA</name><description>DMA</description><baseAddress>0x40000000</baseAddress>
      <addressBlock><offset>0</offset><size>0x400</size><usage>registers</usage></addressBlock>
      <registers>
        $(register RESET 0x84)
        $({ register CTL 0x0 && register ADDR 0x4 | cluster DESC 0x40 0x20; } | cluster CH 0x200 0x100)
      </registers>
    </peripheral>
  </peripherals>
</device>
END
cat >list.py <<'END'
from pyocd.debug.svd.parser import SVDParser

for p in SVDParser.for_xml_file("card.svd").get_device().peripherals:
    for r in p.registers:
        print(f"{p.name}.{r.name} {p.base_address + r.address_offset:x}")
END
dpkg-deb -f python3-pyocd_*.deb Version
python list.py | tee seen
diff seen - <<'END'
DMA.RESET 40000084
DMA.CH0_CTL 40000200
DMA.DESC0_DESC0_ADDR 40000084
DMA.DESC0_DESC1_ADDR 400000a4
DMA.CH1_CTL 40000300
DMA.DESC1_DESC0_ADDR 400000a4
DMA.DESC1_DESC1_ADDR 400000c4
END
