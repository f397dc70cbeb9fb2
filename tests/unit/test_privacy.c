// SPDX-License-Identifier: GPL-2.0-or-later
/* What a report keeps, and what it must not. */
#include <stdlib.h>
#include <string.h>

#include "core/survey/privacy.h"
#include "tests/unit/tap.h"

static void text(struct tap *tap, const char *given, const char *wanted)
{
	char bytes[256];

	snprintf(bytes, sizeof(bytes), "%s", given);
	privacy_mask_text(bytes, strlen(bytes), "bench-7");
	ok(tap, strcmp(bytes, wanted) == 0, "%s: %s", given, bytes);
}

static void text_of(struct tap *tap, const char *host, const char *given, const char *wanted)
{
	char bytes[256];

	snprintf(bytes, sizeof(bytes), "%s", given);
	privacy_mask_text(bytes, strlen(bytes), host);
	ok(tap, strcmp(bytes, wanted) == 0, "%s: %s: %s", host, given, bytes);
}

static void json(struct tap *tap, const char *host, const char *given, const char *wanted)
{
	char bytes[256];

	snprintf(bytes, sizeof(bytes), "%s", given);
	privacy_mask_json(bytes, strlen(bytes), host);
	ok(tap, strcmp(bytes, wanted) == 0, "%s: %s: %s", host, given, bytes);
}

static void command_line(struct tap *tap, const char *given, const char *wanted, unsigned int count)
{
	struct text_buffer masked = { 0 };
	unsigned int left_out = privacy_mask_command_line(given, strlen(given), &masked);

	text_buffer_add(&masked, "", 1);
	ok(tap, !masked.failed && strcmp(masked.bytes, wanted) == 0 && left_out == count, "%s: %s (%u)",
	   given, masked.bytes, left_out);
	text_buffer_free(&masked);
}

int main(void)
{
	struct tap tap = { 0 };

	text(&tap, "eth0: 52:54:00:12:34:56", "eth0: xx:xx:xx:xx:xx:xx");
	text(&tap, "mac=525400ab12ef,", "mac=xxxxxxxxxxxx,");
	/* in an interface's name, without a letter among its digits too */
	text(&tap, "r8152 enx00e04c680001: renamed, wlx525400123456-rx-0",
	     "r8152 enxxxxxxxxxxxxx: renamed, wlxxxxxxxxxxxxx-rx-0");
	text(&tap, "max525400123456 0x525400123456 enx52540012345 enx5254001234567 8enx525400123456",
	     "max525400123456 0x525400123456 enx52540012345 enx5254001234567 8enx525400123456");
	text(&tap, "id 3f2504e0-4f89-11d3-9a0c-0305e82c3301.", "id xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx.");
	text(&tap, "bench-7 pci: on bench-7, bench-70 and mybench-7",
	     "xxxxxxx pci: on xxxxxxx, bench-70 and mybench-7");
	/* addresses of memory, ids, times */
	text(&tap, "380000000000-3bffffffffff : PCI Bus", "380000000000-3bffffffffff : PCI Bus");
	text(&tap, "[mem 0x00380000a00000-0x0038000fffffff 64bit]",
	     "[mem 0x00380000a00000-0x0038000fffffff 64bit]");
	text(&tap, "0000:01:00.0: [8086:10d3] 2026-11-28 12:34:56",
	     "0000:01:00.0: [8086:10d3] 2026-11-28 12:34:56");
	/* no part of an address is a host, whatever that is called */
	text_of(&tap, "01", "0000:01:00.1 on 01, 01: 01.", "0000:01:00.1 on xx, xx: xx.");
	text_of(&tap, "1", "pci 0000:00:01.1: [8086:1] 1", "pci 0000:00:01.1: [8086:1] x");
	text_of(&tap, "beef", "beef.example, beef: ask beef", "xxxx.example, xxxx: ask xxxx");
	/* numbers, words and keys of JSON are none either; escapes stay */
	json(&tap, "1", "{\"a\":1,\"b\":[1, 1.5],\"c\":\"on 1\"}", "{\"a\":1,\"b\":[1, 1.5],\"c\":\"on x\"}");
	json(&tap, "null", "{\"null\" : null,\"c\":\"null\"}", "{\"null\" : null,\"c\":\"xxxx\"}");
	json(&tap, "command", "{\"command\":{\"command\":\"command\"}}",
	     "{\"command\":{\"command\":\"xxxxxxx\"}}");
	json(&tap, "n", "[\"\\n n\",\"\\\\n\"]", "[\"\\n x\",\"\\\\x\"]");
	json(&tap, "nfs", "[\"a\\nfs nfs\"]", "[\"a\\nfs xxx\"]");
	json(&tap, "u001b", "[\"\\u001b u001b\"]", "[\"\\u001b xxxxx\"]");
	json(&tap, "a", "[\"say \\\"a\\\": a\", \"a", "[\"say \\\"x\\\": x\", \"x");
	json(&tap, "", "{\"mac\":\"525400ab12ef\",\"52:54:00:12:34:56\":\"52:54:00:12:34:56\"}",
	     "{\"mac\":\"xxxxxxxxxxxx\",\"52:54:00:12:34:56\":\"xx:xx:xx:xx:xx:xx\"}");
	command_line(&tap, "BOOT_IMAGE=/vmlinuz root=UUID=3f2504e0-4f89-11d3-9a0c-0305e82c3301 ro quiet\n",
		     "BOOT_IMAGE=... root=... ro quiet\n", 2);
	command_line(&tap,
		     "pci=nomsi,noaer pcie_aspm=off intel_iommu=on iommu.strict=1 vfio-pci.ids=10ee:9038",
		     "pci=nomsi,noaer pcie_aspm=off intel_iommu=on iommu.strict=1 vfio-pci.ids=10ee:9038", 0);
	command_line(&tap, "rd.iscsi.password=geheim ip=10.0.0.2::10.0.0.1:255.255.255.0:bench-7:eth0 mem=4G",
		     "rd.iscsi.password=... ip=... mem=4G", 2);
	command_line(&tap, "dyndbg=\"file a.c +p; pci=x\" systemd.setenv=\"TOKEN=a b\" hunter2",
		     "dyndbg=... systemd.setenv=... ...", 3);
	command_line(&tap, "memory_secret=1 mem=1G", "memory_secret=... mem=1G", 1);
	command_line(&tap, "", "", 0);
	ok(&tap, privacy_is_command_line("6,4,0,-;Kernel command line: pci=nomsi rd.luks.key=x"),
	   "the log's copy of it");
	ok(&tap, !privacy_is_command_line("6,4,0,-;pci 0000:00:01.0: enabling device"), "another line");
	return tap_done(&tap);
}
