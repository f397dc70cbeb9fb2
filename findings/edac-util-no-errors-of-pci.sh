#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: edac-utils 0.18+git16-g8fdc1d4-3 (edac-util), of Debian unstable
# guess:   "edac-util", made "to report kernel-detected PCI and ECC RAM errors" as the package says, has in its report what
#          the kernel counts of PCI too: pci_parity_count and pci_nonparity_count (Linux, drivers/edac/edac_pci_sysfs.c).
# seen:    "edac-util: No errors to report.", with three parity errors and two others of PCI: so it is with no option, with
#          -v and in the reports full and simple. A report "pci", which neither --help nor the manual knows, has the parity
#          errors; the others are nowhere.
# matters: a nightly "edac-util" that is silent is taken for a machine without errors, while a card in it sends bad data.
#
# /sys is a folder, by the library of umockdev.
set -euo pipefail

version=0.18+git16-g8fdc1d4-3
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
cat >conf <<EOF
Dir::Etc::sourcelist "$work/sources";
Dir::Etc::sourceparts "-";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
EOF
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site sid main" >sources
export APT_CONFIG=$work/conf
apt-get -q -o Acquire::Check-Valid-Until=false update >log 2>&1 || unavailable
mapfile -t needed < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
	--no-replaces --no-enhances edac-utils umockdev | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' | grep -vx edac-utils)
apt-get -q download "edac-utils=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)
edac() {
	UMOCKDEV_DIR=$work "$loader" --library-path "$libraries" --preload "$libraries/libumockdev-preload.so.0" \
		root/usr/bin/edac-util "$@" 2>&1
}

# A memory controller with a module and no errors, and PCI with five.
memory=sys/devices/system/edac/mc/mc0
mkdir -p $memory/csrow0 sys/devices/system/edac/pci
echo controller >$memory/mc_name
for file in {ce,ue}_count {ce,ue}_noinfo_count seconds_since_reset size_mb csrow0/{ce_count,ue_count,ch0_ce_count,size_mb}; do
	echo 0 >"$memory/$file"
done
echo DIMM_A >$memory/csrow0/ch0_dimm_label
echo 3 >sys/devices/system/edac/pci/pci_parity_count
echo 2 >sys/devices/system/edac/pci/pci_nonparity_count

dpkg-deb -f edac-utils_*.deb Version
for options in '' -v --report=full --report=simple --report=pci; do
	echo "edac-util${options:+ $options}:"
	# shellcheck disable=SC2086 # none is no argument
	edac $options
	echo "status $?"
done | tee seen
diff seen - <<'EOF'
edac-util:
edac-util: No errors to report.
status 0
edac-util -v:
mc0: 0 Uncorrected Errors with no DIMM info
mc0: 0 Corrected Errors with no DIMM info
mc0: csrow0: 0 Uncorrected Errors
mc0: csrow0: DIMM_A: 0 Corrected Errors
edac-util: No errors to report.
status 0
edac-util --report=full:
mc0:csrow0:DIMM_A:CE:0
mc0:noinfo:all:UE:0
mc0:noinfo:all:CE:0
status 0
edac-util --report=simple:
mc0: Correctable errors:   0
mc0: Uncorrectable errors: 0
Total CE: 0
Total UE: 0
status 0
edac-util --report=pci:
PCI Parity Errors: 3
status 0
EOF
