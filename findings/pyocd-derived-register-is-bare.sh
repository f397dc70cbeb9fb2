#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: python3-pyocd 0.45.0+ds-1 (its SVD reader), of Debian unstable
# guess:   a register with derivedFrom has what it does not say itself from the other one: size, access, reset value and
#          fields (CMSIS-SVD, derivedFrom at register level: "Specify the register name from which to inherit data").
#          A field whose enumeratedValues have it has the names of the other's values. Peripherals derive so.
# seen:    below peripherals the attribute is not looked at. The copy of a read-only register of 8 bits, which is 99 after
#          a reset, is one of 32 bits, read-write, deadbeef, as registers of this device are by default; it has no fields.
#          The values of the second field have no names.
# matters: "reg" of "pyocd commander" accesses as many bits as this says: the register and its three neighbours, of which
#          a read may clear one; "wreg" writes all of them. With -f it shows no fields, as of a register without any.
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

cat >card.svd <<END
<?xml version="1.0" encoding="utf-8"?>
<device schemaVersion="1.3">
  <name>CARD</name><version>1</version><description>A card</description>
  <addressUnitBits>8</addressUnitBits><width>32</width>
  <size>32</size><access>read-write</access><resetValue>0xdeadbeef</resetValue>
  <peripherals>
    <peripheral>
      <name>UART0</name><description>UART</description><baseAddress>0x1000</baseAddress>
      <addressBlock><offset>0</offset><size>0x100</size><usage>registers</usage></addressBlock>
      <registers>
        <register>
          <name>STATUS0</name><description>Status of channel 0</description><addressOffset>0</addressOffset>
          <size>8</size><access>read-only</access><resetValue>0x99</resetValue>
          <fields>
            <field>
              <name>RX</name><bitRange>[0:0]</bitRange>
              <enumeratedValues>
                <name>States</name>
                <enumeratedValue><name>idle</name><value>0</value></enumeratedValue>
                <enumeratedValue><name>busy</name><value>1</value></enumeratedValue>
              </enumeratedValues>
            </field>
            <field><name>TX</name><bitRange>[1:1]</bitRange><enumeratedValues derivedFrom="States"/></field>
          </fields>
        </register>
        <register derivedFrom="STATUS0"><name>STATUS1</name><addressOffset>4</addressOffset></register>
      </registers>
    </peripheral>
    <peripheral derivedFrom="UART0"><name>UART1</name><baseAddress>0x2000</baseAddress></peripheral>
  </peripherals>
</device>
END
cat >list.py <<'END'
from pyocd.debug.svd.parser import SVDParser

for p in SVDParser.for_xml_file("card.svd").get_device().peripherals:
    for r in p.registers:
        print(f"{p.name}.{r.name} {p.base_address + r.address_offset:x}, bits {r.size}, {r.access}, {r.reset_value:x}")
        for f in r.fields or []:
            print(f"  {f.name}", *[e.name for e in f.enumerated_values or []])
END
dpkg-deb -f python3-pyocd_*.deb Version
python list.py | tee seen
diff seen - <<'END'
UART0.STATUS0 1000, bits 8, read-only, 99
  RX idle busy
  TX
UART0.STATUS1 1004, bits 32, read-write, deadbeef
UART1.STATUS0 2000, bits 8, read-only, 99
  RX idle busy
  TX
UART1.STATUS1 2004, bits 32, read-write, deadbeef
END
