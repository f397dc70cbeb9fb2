// SPDX-License-Identifier: GPL-2.0-or-later
/* What is masked in a report. Knows no device. */
#include "core/survey/privacy.h"

#include <ctype.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "core/survey/vpd.h"

#define PAIRS_MIN 6
#define MAC_DIGITS 12

/* Device Serial Number, PCIe 6.0 section 7.9.3: the 8 bytes behind the header */
#define DSN_NUMBER 4
#define DSN_SIZE 8

static bool is_hex(const char *text, size_t i, size_t length)
{
	return i < length && isxdigit((unsigned char)text[i]);
}

/* How many bytes from I on are pairs with the same separator between them. */
static size_t pairs_at(const char *text, size_t i, size_t length, unsigned int *pairs)
{
	size_t start = i;
	char separator = '\0';

	*pairs = 0;
	while (is_hex(text, i, length) && is_hex(text, i + 1, length)) {
		++*pairs;
		i += 2;
		if (!separator && i < length && (text[i] == ':' || text[i] == '-'))
			separator = text[i];
		if (!separator || i >= length || text[i] != separator || !is_hex(text, i + 1, length))
			break;
		i++;
	}
	/* a longer number is none of pairs */
	if (is_hex(text, i, length))
		*pairs = 0;
	return i - start;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

static void mask_digits(char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (isxdigit((unsigned char)text[i]))
			text[i] = 'x';
	}
}

/* RFC 4122 section 3: 8-4-4-4-12 digits. Its length, or 0. */
static size_t uuid_at(const char *text, size_t i, size_t length)
{
	static const unsigned int groups[] = { 8, 4, 4, 4, 12 };
	size_t start = i;

	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		if (g > 0 && (i >= length || text[i++] != '-'))
			return 0;
		for (unsigned int n = 0; n < groups[g]; n++) {
			if (!is_hex(text, i++, length))
				return 0;
		}
	}
	return is_hex(text, i, length) ? 0 : i - start;
}

/* Six bytes without anything between them, with a letter and a digit; an address range has a '-' beside it. */
static size_t bare_mac_at(const char *text, size_t i, size_t length)
{
	bool has_letter = false;
	bool has_digit = false;
	size_t n = 0;

	while (is_hex(text, i + n, length)) {
		has_digit = has_digit || isdigit((unsigned char)text[i + n]);
		has_letter = has_letter || isalpha((unsigned char)text[i + n]);
		n++;
	}
	if (n != MAC_DIGITS || !has_letter || !has_digit)
		return 0;
	if ((i > 0 && text[i - 1] == '-') || (i + n < length && is_word(text[i + n])))
		return 0;
	return n;
}

/* "enx525400ab12ef": udev may name an interface by its address, which is behind the 'x' at I; systemd.net-naming-scheme(7). */
static bool is_named_mac(const char *text, size_t i, size_t length)
{
	static const char *const prefixes[] = { "en", "ib", "mc", "sl", "wl", "ww" };
	bool has_prefix = false;
	size_t n = 0;

	if (text[i] != 'x' || i < 2 || (i > 2 && isalnum((unsigned char)text[i - 3])))
		return false;
	for (size_t k = 0; k < sizeof(prefixes) / sizeof(prefixes[0]); k++)
		has_prefix = has_prefix || memcmp(text + i - 2, prefixes[k], 2) == 0;
	while (has_prefix && is_hex(text, i + 1 + n, length))
		n++;
	return n == MAC_DIGITS && (i + 1 + n == length || !isalnum((unsigned char)text[i + 1 + n]));
}

/* The length of what tells one machine from another at I, or 0. */
static size_t secret_at(const char *text, size_t i, size_t length)
{
	unsigned int pairs;
	size_t n = uuid_at(text, i, length);

	if (n > 0)
		return n;
	n = pairs_at(text, i, length, &pairs);
	return pairs >= PAIRS_MIN ? n : bare_mac_at(text, i, length);
}

static bool is_address_part(char c)
{
	return isxdigit((unsigned char)c) || c == ':' || c == '.';
}

/* N digits at I within "0000:01:00.1", or within ids as "8086:10d3": a host may be called 01. */
static bool is_in_address(const char *text, size_t i, size_t n, size_t length)
{
	size_t start = i;
	size_t end = i + n;

	for (size_t k = i; k < i + n; k++) {
		if (!isxdigit((unsigned char)text[k]))
			return false;
	}
	while (start > 0 && is_address_part(text[start - 1]))
		start--;
	while (end < length && is_address_part(text[end]))
		end++;
	for (size_t k = start + 1; k + 1 < end; k++) {
		if (text[k] == ':' && is_hex(text, k - 1, end) && is_hex(text, k + 1, end))
			return true;
	}
	return false;
}

static void mask_host(char *text, size_t length, const char *host)
{
	size_t n = host ? strlen(host) : 0;

	if (n == 0)
		return;
	for (size_t i = 0; i + n <= length; i++) {
		if (memcmp(text + i, host, n) == 0 && (i == 0 || !is_word(text[i - 1])) &&
		    (i + n == length || !is_word(text[i + n])) && !is_in_address(text, i, n, length))
			memset(text + i, 'x', n);
	}
}

void privacy_mask_text(char *text, size_t length, const char *host)
{
	for (size_t i = 0; i < length; i++) {
		size_t n;

		if (is_named_mac(text, i, length)) {
			mask_digits(text + i + 1, MAC_DIGITS);
			i += MAC_DIGITS;
			continue;
		}
		if (!is_hex(text, i, length) || (i > 0 && isalnum((unsigned char)text[i - 1])))
			continue;
		n = secret_at(text, i, length);
		if (n == 0)
			continue;
		mask_digits(text + i, n);
		i += n - 1;
	}
	mask_host(text, length, host);
}

/* Where the string ends that begins behind the quote before I: at its other quote, or at the end. */
static size_t string_end(const char *text, size_t i, size_t length)
{
	while (i < length && text[i] != '"')
		i += text[i] == '\\' ? 2 : 1;
	return i < length ? i : length;
}

/* Between its escapes: what is behind a backslash is no text. */
static void mask_string(char *text, size_t length, const char *host)
{
	size_t start = 0;

	while (start < length) {
		char *escape = memchr(text + start, '\\', length - start);
		size_t end = escape ? (size_t)(escape - text) : length;

		privacy_mask_text(text + start, end - start, host);
		/* RFC 8259 section 7: a letter, or u and four digits */
		start = end + (end + 1 < length && text[end + 1] == 'u' ? 6 : 2);
	}
}

void privacy_mask_json(char *text, size_t length, const char *host)
{
	for (size_t i = 0; i < length; i++) {
		size_t end;
		size_t next;

		if (text[i] != '"')
			continue;
		end = string_end(text, i + 1, length);
		next = end + 1;
		while (next < length && isspace((unsigned char)text[next]))
			next++;
		if (next >= length || text[next] != ':')
			mask_string(text + i + 1, end - i - 1, host);
		i = end;
	}
}

/* --- the command line ----------------------------------------------------------------------------- */

/* Linux' Documentation/admin-guide/kernel-parameters.txt; with a '*', all that start so. */
static const char *const kept_parameters[] = {
	"pci*",
	"vfio*",
	"uio*",
	"iommu*",
	"intel_iommu",
	"amd_iommu*",
	"arm-smmu*",
	"swiotlb",
	"iomem",
	"lockdown",
	"acpi*",
	"efi",
	"noefi",
	"BOOTIF",
	"nvme*",
	"thunderbolt*",
	"libata.*",
	"mem",
	"memmap",
	"memblock",
	"cma",
	"numa*",
	"hugepages*",
	"hugepagesz",
	"default_hugepagesz",
	"transparent_hugepage",
	"irqaffinity",
	"irqpoll",
	"irqfixup",
	"noirqdebug",
	"threadirqs",
	"noapic",
	"nolapic",
	"apic",
	"x2apic*",
	"nox2apic",
	"intremap",
	"isolcpus",
	"nohz*",
	"rcu_nocbs",
	"maxcpus",
	"nr_cpus",
	"nosmt",
	"mitigations",
	"preempt",
	"intel_idle.*",
	"intel_pstate",
	"amd_pstate",
	"cpuidle.*",
	"cpufreq.*",
	"processor.*",
	"idle",
	"tsc",
	"clocksource",
	"hpet",
	"nohpet",
	"module.*",
	"module_blacklist",
	"modprobe.blacklist",
	"initcall_blacklist",
	"quiet",
	"debug",
	"loglevel",
	"ignore_loglevel",
	"ro",
	"rw",
	"splash",
	"panic",
	"oops",
	"nomodeset",
	"earlyprintk",
	"crashkernel",
	"kasan*",
	"slub_debug",
};

static bool is_kept(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(kept_parameters) / sizeof(kept_parameters[0]); i++) {
		size_t n = strcspn(kept_parameters[i], "*");

		if (length >= n && memcmp(name, kept_parameters[i], n) == 0 &&
		    (length == n || kept_parameters[i][n] == '*'))
			return true;
	}
	return false;
}

/* A parameter's length: blanks between double quotes belong to it. */
static size_t parameter_length(const char *text, size_t length)
{
	bool is_quoted = false;
	size_t n = 0;

	while (n < length && (is_quoted || !isspace((unsigned char)text[n])))
		is_quoted ^= text[n++] == '"';
	return n;
}

unsigned int privacy_mask_command_line(const char *text, size_t length, struct text_buffer *masked)
{
	unsigned int count = 0;
	size_t i = 0;

	while (i < length) {
		size_t n = parameter_length(text + i, length - i);
		const char *equals = memchr(text + i, '=', n);
		size_t name = equals ? (size_t)(equals - text) - i : n;

		if (n == 0) {
			text_buffer_add(masked, text + i++, 1);
			continue;
		}
		if (is_kept(text + i, name)) {
			text_buffer_add(masked, text + i, n);
		} else {
			if (equals)
				text_buffer_add(masked, text + i, name + 1);
			text_buffer_string(masked, "...");
			count++;
		}
		i += n;
	}
	return count;
}

bool privacy_is_command_line(const char *line)
{
	/* init/main.c and arch code: "Command line:", "Kernel command line:", "Unknown kernel command line parameters" */
	return strcasestr(line, "command line") != NULL;
}

bool privacy_is_serial(const char *line)
{
	return strcasestr(line, "serial number") || strcasestr(line, "serialnumber") ||
	       strcasestr(line, "serial no") || strcasestr(line, "serial:") || strcasestr(line, " s/n");
}

bool privacy_is_vpd_serial(const char *keyword)
{
	return strcmp(keyword, "SN") == 0 || keyword[0] == 'V' || keyword[0] == 'Y' || !vpd_meaning(keyword);
}

static void clear(struct config_space *space, unsigned int offset, unsigned int size)
{
	for (unsigned int i = 0; i < size && offset + i < space->size; i++)
		space->bytes[offset + i] = 0;
}

void privacy_mask_config(struct config_space *space)
{
	unsigned int offset = config_space_get(space, PCI_CAPABILITY_LIST, 8) & 0xfc;

	/* as many as there is room for: a broken list may loop */
	for (int left = 48; left > 0 && offset >= PCI_STD_HEADER_SIZEOF; left--) {
		uint32_t header = config_space_get(space, offset, 16);

		if ((header & 0xff) == PCI_CAP_ID_VPD)
			clear(space, offset + PCI_VPD_DATA, 4);
		offset = header >> 8 & 0xfc;
	}
	offset = PCI_CFG_SPACE_SIZE;
	for (int left = 480; left > 0 && offset >= PCI_CFG_SPACE_SIZE; left--) {
		uint32_t header = config_space_get(space, offset, 32);

		if (header == 0xffffffff)
			return;
		if ((header & 0xffff) == PCI_EXT_CAP_ID_DSN)
			clear(space, offset + DSN_NUMBER, DSN_SIZE);
		offset = header >> 20 & 0xffc;
	}
}
