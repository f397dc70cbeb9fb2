// SPDX-License-Identifier: GPL-2.0-or-later
/* Knows how files begin, and no device. */
#include "core/mapfile/format.h"

#include <stdbool.h>
#include <string.h>

#define AS_CSV "; write its registers as a CSV with a heading, name,offset,width,access,reset"

/* Files that are recognized by their first bytes. */
static const struct {
	const char *bytes;
	const char *what;
} beginnings[] = {
	{ "PK\x03\x04", "this is a ZIP archive: save a spreadsheet as CSV with a heading, "
			"name,offset,width,access,reset; in a .xsa of Vivado's, unpack the .hwh" },
	{ "\xd0\xcf\x11\xe0", "this is an old Office document: save it as CSV with a heading, "
			      "name,offset,width,access,reset" },
	{ "%PDF-", "this is a PDF document" AS_CSV },
	{ "\x7f"
	  "ELF",
	  "this is a program (ELF), not a register map" },
	{ "\x1f\x8b", "this is a gzip archive: unpack it with gunzip" },
	{ "\xfd"
	  "7zXZ",
	  "this is an xz archive: unpack it with unxz" },
};

/* Others by a line that begins so, behind blanks, and has another word in it. */
static const struct {
	const char *begins;
	const char *has; /* NULL: anything */
	const char *what;
} lines[] = {
	{ "addrmap ", NULL,
	  "this is SystemRDL, which PeakRDL converts: 'peakrdl ip-xact FILE -o FILE.xml' writes IP-XACT" },
	{ "regfile ", "{",
	  "this is SystemRDL, which PeakRDL converts: 'peakrdl ip-xact FILE -o FILE.xml' writes IP-XACT" },
	{ "reg ", "{",
	  "this is SystemRDL, which PeakRDL converts: 'peakrdl ip-xact FILE -o FILE.xml' writes IP-XACT" },
	{ "memory-map:", NULL,
	  "this is a memory map of Cheby" AS_CSV " ('cheby --gen-doc -i FILE' lists them)" },
	{ "regblocks:", NULL, "this is YAML with register blocks" AS_CSV },
	{ "registers:", NULL, "this is YAML or Hjson with registers" AS_CSV },
	{ "[register", NULL, "this is TOML with registers, as hdl-registers has it" AS_CSV },
	{ "[", "]", "this is TOML or an INI file" AS_CSV },
	{ "`timescale", NULL, "this is Verilog" AS_CSV },
	{ "module ", NULL, "this is Verilog" AS_CSV },
	{ "entity ", " is", "this is VHDL" AS_CSV },
	{ "#define ", NULL, "this is a C header" AS_CSV },
	{ "#ifndef ", NULL, "this is a C header" AS_CSV },
	{ "#pragma once", NULL, "this is a C header" AS_CSV },
	{ "---", NULL, "this is YAML" AS_CSV },
};

static const struct {
	const char *root; /* without a prefix */
	const char *what;
} roots[] = {
	{ "typeDefinitions",
	  "these are IP-XACT's type definitions, not a component: name the file that uses them" },
	{ "design", "this is an IP-XACT design, which has no registers: its components' files have them" },
	{ "designConfiguration", "this is an IP-XACT design configuration, which has no registers: its "
				 "components' files have them" },
	{ "catalog", "this is an IP-XACT catalog: name the file of one of its components" },
	{ "busDefinition", "this is an IP-XACT bus definition, which has no registers" },
	{ "abstractionDefinition", "this is an IP-XACT abstraction definition, which has no registers" },
	{ "EnsembleReport",
	  "this is Platform Designer's .sopcinfo, which has addresses and no registers: write a "
	  "'block' row for each module into a text map ('sopc-create-header-files' lists "
	  "their bases)" },
	{ "deviceinfo", "this is XML of another kind than CMSIS-SVD" },
	{ "html", "this is a web page (HTML)" AS_CSV },
	{ "device", "this begins with <device>, but with a prefix, which CMSIS-SVD has not" },
};

/* The line at TEXT, which ends at END: is it as LINE says? */
static bool is_line(const char *text, const char *end, size_t line)
{
	size_t n = strlen(lines[line].begins);
	const char *has = lines[line].has;

	return (size_t)(end - text) >= n && memcmp(text, lines[line].begins, n) == 0 &&
	       (!has || memmem(text + n, (size_t)(end - text) - n, has, strlen(has)));
}

const char *format_of_text(const char *text, size_t length)
{
	const char *end = text + length;

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		size_t n = strlen(beginnings[i].bytes);

		if (length >= n && memcmp(text, beginnings[i].bytes, n) == 0)
			return beginnings[i].what;
	}
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		while (text < stop && (*text == ' ' || *text == '\t'))
			text++;
		for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
			if (is_line(text, stop, i))
				return lines[i].what;
		}
		text = stop + 1;
	}
	return NULL;
}

const char *format_of_root(const char *name)
{
	const char *colon = strrchr(name, ':');
	const char *local = colon ? colon + 1 : name;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		if (strcmp(roots[i].root, local) == 0)
			return roots[i].what;
	}
	return "this is XML of another kind: CMSIS-SVD begins with <device>, IP-XACT with <ipxact:component>";
}
