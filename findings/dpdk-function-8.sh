#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: librte-pci23 22.11.11-0+deb12u1 (DPDK's rte_pci_addr_parse()), of Debian 12
# guess:   an address that PCI cannot have, device 20 or function 8, is refused as one that is not well formed is: 5 and
#          3 bits are all that a routing id has for them (PCIe 6.0 section 2.2.4.2), and it does refuse bus 100.
# seen:    0, and the structure holds device 32 or function 8.
# matters: a mistyped address in a configuration is not told where it is read: the device is "not found" later, or,
#          where the parts are packed into a routing id without a mask, it is another one.
set -euo pipefail

version=22.11.11-0+deb12u1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for package in librte-pci23 librte-eal23 librte-kvargs23 librte-telemetry23 libdpdk-dev; do
	apt-get -q download "$package=$version" >log 2>&1 || { cat log && exit 2; }
done
for file in ./*.deb; do dpkg -x "$file" root; done
command -v gcc >/dev/null || { echo 'there is no compiler' && exit 2; }
cat >parse.c <<'END'
#include <rte_pci.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct rte_pci_addr a = { 0 };
		int rc = rte_pci_addr_parse(argv[i], &a);

		printf("%s: %d, bus %u device %u function %u\n", argv[i], rc, a.bus, a.devid, a.function);
	}
	return 0;
}
END
libraries=$(dirname "$(find root -name 'librte_pci.so.23')")
headers=$(dirname "$(find root -name rte_config.h)")
# what only the rest of the environment layer needs is not there, and not called
gcc -I root/usr/include/dpdk -I "$headers" -include rte_config.h -mssse3 -o parse parse.c \
	"$libraries/librte_pci.so.23" "$libraries/librte_eal.so.23" -Wl,--unresolved-symbols=ignore-all
LD_LIBRARY_PATH=$libraries ./parse 0000:01:20.0 0000:01:00.8 0000:100:00.0 | tee seen
grep -qx '0000:01:20.0: 0, bus 1 device 32 function 0' seen
grep -qx '0000:01:00.8: 0, bus 1 device 0 function 8' seen
grep -q '^0000:100:00.0: -' seen
