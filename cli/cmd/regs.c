// SPDX-License-Identifier: GPL-2.0-or-later
/* regs: registers behind the BARs, and DMA memory as @NAME. */
#include <string.h>

#include "cli/cmd/registers.h"

const struct command regs_commands[] = {
	{
		.name = "regs read",
		.takes_uio = true,
		.operands = "REF...",
		.summary = "Read registers: a line each, the value alone",
		.details = "REF is [BAR:]OFFSET[/WIDTH], NAME or NAME.FIELD of the register map, or "
			   "@BUFFER[+OFFSET][/WIDTH] for DMA memory. Each is read exactly once, with one "
			   "access of its width. A NAME with '*' and '?' reads all that match, except what "
			   "the map says is not safe to read; the names stand in front of the values then.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_REF,
		.options =
			TAKES(OPTION_BAR, OPTION_WIDTH, OPTION_WC, OPTION_WIDE, OPTION_NAMES, OPTION_UNSAFE),
		.space = SPACE_BAR,
		.run = registers_read,
	},
	{
		.name = "regs write",
		.takes_uio = true,
		.operands = "REF=VALUE[:MASK]...",
		.summary = "Write registers in the order given",
		.details =
			"Nothing is read, unless a MASK is given: then the register is read, the bits of "
			"the mask are changed and it is written. VALUE is a number, or the bus address of "
			"a DMA buffer: @NAME[+N|-N][.lo|.hi], @NAME.size. NAME.FIELD=VALUE changes the "
			"field and nothing else: neighbours that writing 1 clears are written as 0, and so "
			"on; VALUE may be the name of one of the field's values.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_ASSIGN,
		.options =
			TAKES(OPTION_BAR, OPTION_WIDTH, OPTION_WC, OPTION_VERIFY, OPTION_WIDE, OPTION_UNSAFE),
		.space = SPACE_BAR,
		.run = registers_write,
	},
	{
		.name = "regs dump",
		.takes_uio = true,
		.operands = "[RANGE...]",
		.summary = "Dump registers by name, in hex and ASCII, or raw into a file",
		.details = "RANGE is REF, REF+LENGTH, REF..REF, or a NAME that may have '*' and '?'. Where a "
			   "register map is known its registers are shown with their fields, but for those "
			   "that are not safe to read; otherwise bytes, in which equal lines are shown as "
			   "'*', with -v all of them. Without a RANGE: the map's registers, or the whole BAR "
			   "when it is at most 64 KiB or goes to a file.",
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_REF,
		.options = TAKES(OPTION_BAR, OPTION_WIDTH, OPTION_WC, OPTION_OUTPUT, OPTION_HEX, OPTION_WIDE,
				 OPTION_UNSAFE),
		.space = SPACE_BAR,
		.pages = true,
		.run = registers_dump,
	},
	{
		.name = "regs load",
		.takes_uio = true,
		.operands = "REF",
		.summary = "Write raw bytes from a file into a region",
		.details =
			"The bytes are stored in rising order, in accesses of the width. From a NAME on no "
			"register that is read-only in the map is among them, unless with --unsafe.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_REF,
		.options = TAKES(OPTION_BAR, OPTION_WIDTH, OPTION_WC, OPTION_INPUT, OPTION_UNSAFE),
		.run = registers_load,
	},
	{
		.name = "regs wait",
		.takes_uio = true,
		.waits = true,
		.operands = "CONDITION...",
		.summary = "Wait until all conditions hold",
		.details = "CONDITION is REF==VALUE[:MASK], REF!=VALUE[:MASK], REF<VALUE or REF>VALUE; quote "
			   "it. Without --timeout for ever. Exit status 7 on timeout, with the values last "
			   "seen; 5 when the device no longer answers.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_ASSIGN,
		.options = TAKES(OPTION_BAR, OPTION_WIDTH, OPTION_TIMEOUT, OPTION_INTERVAL_WAIT, OPTION_WIDE,
				 OPTION_UNSAFE),
		.run = registers_wait,
	},
	{
		.name = "regs watch",
		.takes_uio = true,
		.operands = "RANGE...",
		.summary = "Show how registers change, until Ctrl-C",
		.details = "On a terminal a screen with the least and the greatest value and the bits that "
			   "toggled, otherwise a line for each change. RANGE may be a NAME with '*' and '?', "
			   "or a field.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_REF,
		.options = TAKES(OPTION_BAR, OPTION_WIDTH, OPTION_INTERVAL_WATCH, OPTION_TIMEOUT_WATCH,
				 OPTION_CSV, OPTION_COURSE, OPTION_WIDE, OPTION_UNSAFE),
		.waits = true,
		.run = registers_watch,
	},
	{
		.name = "regs snapshot",
		.takes_uio = true,
		.operands = "[RANGE...]",
		.summary = "Save registers to a file, a line each",
		.details = "Without a RANGE all of the register map, but for what is not safe to read. "
			   "'regs diff' compares, 'regs decode -i' explains it.",
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_REF,
		.options = TAKES(OPTION_BAR, OPTION_WIDTH, OPTION_OUTPUT, OPTION_WIDE, OPTION_UNSAFE),
		.run = registers_snapshot,
	},
	{
		.name = "regs diff",
		.takes_uio = true,
		.operands = "FILE [FILE]",
		.summary = "Compare two snapshots, or one with the device",
		.details = "Shows the registers that changed, with their changed fields. Exit status 8 "
			   "when there are any, and when one could not be compared. Of the device only the "
			   "registers in the snapshot are read, but for what is not safe to read.",
		.min_operands = 1,
		.max_operands = 2,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_BAR, OPTION_UNSAFE),
		.pages = true,
		.run = registers_diff,
	},
	{
		.name = "regs decode",
		.takes_uio = true,
		.operands = "[REG=VALUE...]",
		.summary = "Explain values by the register map; no device is needed",
		.details = "REG is NAME, NAME.FIELD or an offset. The map is --map's, or that of -d "
			   "VENDOR:DEVICE, or "
			   "of the device that the snapshot is of.",
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_ASSIGN,
		.options = TAKES(OPTION_INPUT),
		.pages = true,
		.run = registers_decode,
	},
	{
		.name = "regs test",
		.takes_uio = true,
		.operands = "RANGE",
		.summary = "Test memory behind a BAR, and put its contents back",
		.details =
			"Data lines, address lines, byte enables, every cell: which bits fail at which "
			"addresses. Only for memory: to registers these are writes like any other, and those "
			"that the map says are no memory are refused without --unsafe. Exit status 8 when something failed. Ctrl-C puts the contents back too.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_REF,
		.options = TAKES(OPTION_BAR, OPTION_WIDTH, OPTION_UNSAFE),
		.waits = true,
		.run = registers_test,
	},
	{ 0 },
};
