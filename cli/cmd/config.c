// SPDX-License-Identifier: GPL-2.0-or-later
/* config: config space, by offset and by setpci's names. */
#include "cli/cmd/config.h"
#include "cli/cmd/registers.h"

const struct command config_commands[] = {
	{
		.name = "config read",
		.operands = "REF...",
		.summary = "Read config space, by offset or name",
		.details =
			"REF is OFFSET[/WIDTH], a name of 'config show' (EXP.LNKSTA, EXP.LNKSTA.SPEED), or one as "
			"setpci has them: COMMAND, CAP_EXP+0x10/16, ECAP_AER+4. A named register has its own width. Numbers are decimal without 0x; "
			"-v shows what was understood.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_CONFIG,
		.options = TAKES(OPTION_WIDTH, OPTION_NAMES),
		.space = SPACE_CONFIG,
		.offline = true,
		.run = registers_read,
	},
	{
		.name = "config write",
		.reopens = REOPENS_MAPPINGS,
		.operands = "REF=VALUE[:MASK]...",
		.summary = "Write config space, by offset or name",
		.details =
			"REF as in 'config read'. With a MASK the register is read and only those bits are "
			"changed: COMMAND=0x4:0x4 turns bus mastering on and leaves the rest. With a field "
			"only the field: EXP.DEVCTL.MRRS=512.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_CONFIG_ASSIGN,
		.options = TAKES(OPTION_WIDTH, OPTION_VERIFY),
		.space = SPACE_CONFIG,
		.run = registers_write,
	},
	{
		.name = "config show",
		.operands = "[NAME...]",
		.summary = "Show config space by name: header, capabilities, registers, fields",
		.details = "NAME is a capability such as EXP, AER or MSIX, or header; or a register such as "
			   "EXP.LNKSTA or COMMAND, or a pattern such as 'EXP.LNK*'; all without one. "
			   "FLAG+ is set, FLAG- is clear. With -v a line for each field, with what it is.",
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_CAPABILITY,
		.options = TAKES(OPTION_UNSAFE),
		.offline = true,
		.space = SPACE_CONFIG,
		.pages = true,
		.run = config_show,
	},
	{
		.name = "config dump",
		.summary = "Dump config space, as much of it as may be read, as lspci -xxxx does",
		.details = "'lspci -F FILE' and --from-dump FILE read it. With -w hex and ASCII, read at "
			   "that width.",
		.options = TAKES(OPTION_WIDTH, OPTION_OUTPUT, OPTION_ALL_DEVICES),
		.space = SPACE_CONFIG,
		.offline = true,
		.pages = true,
		.run = config_dump,
	},
	{
		.name = "config save",
		.summary = "Save config space to a file",
		.details = "The form is that of 'config dump'.",
		.options = TAKES(OPTION_OUTPUT),
		.space = SPACE_CONFIG,
		.offline = true,
		.run = config_save,
	},
	{
		.name = "config diff",
		.operands = "FILE [FILE]",
		.summary = "Compare config space with a file's, or those of two files",
		.details = "By the names of the table, and by offset where nothing has a name. Exit status 8 "
			   "when something differs. A file with several devices gives the one at the same "
			   "address.",
		.min_operands = 1,
		.max_operands = 2,
		.operand_kind = WORD_FILE,
		.space = SPACE_CONFIG,
		.pages = true,
		.run = config_diff,
	},
	{
		.name = "config restore",
		.reopens = REOPENS_MAPPINGS,
		.operands = "FILE",
		.summary = "Write back what 'config save' saved, where it differs",
		.details = "Only what software sets: read-only bits, status bits, bus numbers, bridge "
			   "windows, interrupt vectors and slot control are left alone. BARs come first, "
			   "with decoding off, COMMAND last. A file of another device is refused. "
			   "--dry-run shows the writes.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_FILE,
		.space = SPACE_CONFIG,
		.run = config_restore_file,
	},
	{
		.name = "config names",
		.operands = "[CAPABILITY...]",
		.summary = "List the names of config space: registers, fields, bits, access, values",
		.details = "The table itself, of all devices; no device is needed.",
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_CAPABILITY,
		.pages = true,
		.run = config_names,
	},
	{ 0 },
};
