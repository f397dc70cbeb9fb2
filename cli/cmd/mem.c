// SPDX-License-Identifier: GPL-2.0-or-later
/* mem: physical addresses through /dev/mem, for what belongs to no device in sysfs. */
#include "cli/cmd/registers.h"

const struct command mem_commands[] = {
	{
		.name = "mem read",
		.operands = "REF...",
		.summary = "Read physical addresses through /dev/mem",
		.details = "REF is ADDRESS[/WIDTH].",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.options = TAKES(OPTION_WIDTH),
		.space = SPACE_MEMORY,
		.run = registers_read,
	},
	{
		.name = "mem write",
		.operands = "REF=VALUE[:MASK]...",
		.summary = "Write physical addresses through /dev/mem",
		.details = "Nothing checks that the address is meant: a wrong one can hang the machine.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.options = TAKES(OPTION_WIDTH, OPTION_VERIFY),
		.space = SPACE_MEMORY,
		.run = registers_write,
	},
	{
		.name = "mem dump",
		.operands = "RANGE...",
		.summary = "Dump physical addresses, or save them to a file",
		.details = "RANGE is REF, REF+LENGTH or REF..REF.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.options = TAKES(OPTION_WIDTH, OPTION_OUTPUT),
		.space = SPACE_MEMORY,
		.pages = true,
		.run = registers_dump,
	},
	{ 0 },
};
