#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: acpica-tools 20260408-1 (iasl -d and iasl), of Debian unstable
# guess:   of a PCI Express Root Port AER structure in HEST the flags are shown as the table has them: bit 0 is
#          FIRMWARE_FIRST, bit 1 is GLOBAL (ACPI 6.5 section 18.3.2.4), and what is compiled again is what it was.
# seen:    "Global" is bit 0 too. Flags 2 (the system handles errors, of all root ports) are "Firmware First : 0,
#          Global : 0", and 1 (the firmware does, of this one) "1, 1". Compiled again the former are 0: GLOBAL is
#          lost.
# matters: why AER errors of a root port never reach the kernel, or why bus, device and function of the structure mean
#          nothing, is read here, from a machine's own table; and who corrects another field by the way of the
#          disassembly takes the settings away from all root ports but one.
set -euo pipefail

version=20260408-1
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
apt-get -q download "acpica-tools=$version" libc6 >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)
iasl() {
	"$loader" --library-path "$libraries" root/usr/bin/iasl "$@" >log 2>&1
}

# A table with one structure, of a root port, whose flags are $1 and whose checksum byte is $2.
table() {
	printf 'HEST\x58\0\0\0\x01%bABCDEFABCDEFGH\x01\0\0\0ABCD\x01\0\0\0\x01\0\0\0' "\\x$2"
	printf '\x06\0\0\0\0\0%b\x01\x01\0\0\0\x01\0\0\0\0\0\0\0\x1c\0\0\0\x0f\0\0\0' "\\x$1"
	printf '\0\0\0\0\x30\x20\x46\0\0\x20\0\0\xa0\0\0\0\x07\0\0\0'
}
iasl -v && sed -n '/version/p' log
for flags in 00 01 02 03; do
	sum=$(($(table "$flags" 00 | od -A n -t u1 -v | tr -s ' \n' + | sed 's/^+//; s/+$//')))
	table "$flags" "$(printf %02x $((-sum & 255)))" >hest.aml
	iasl -d hest.aml
	iasl -p again hest.dsl
	again=$(od -A n -t x1 -j 46 -N 1 again.aml)
	echo "flags $flags: $(sed -n 's/^ *\(Firmware First\|Global\) : /\1 /p' hest.dsl | paste -s -d , -)," \
		"compiled again${again}" | tee -a seen
done
diff seen - <<'END'
flags 00: Firmware First 0,Global 0, compiled again 00
flags 01: Firmware First 1,Global 1, compiled again 01
flags 02: Firmware First 0,Global 0, compiled again 00
flags 03: Firmware First 1,Global 1, compiled again 01
END
