// SPDX-License-Identifier: GPL-2.0-or-later
/* One command line, from its words to its exit status. The one error sink. */
#include "cli/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/pager.h"
#include "core/backend/pool.h"
#include "core/pci/dump.h"
#include "core/trace/trace.h"

void run_log(void *data, enum log_level level, const char *message)
{
	const struct invocation *inv = data;

	if (inv->verbosity < (level == LOG_INFO ? 1 : 0))
		return;
	/* results that are on their way come first, where both go to one place */
	if (inv->nested)
		fflush(stdout);
	fprintf(stderr, "pcietool: %s%s\n", level == LOG_WARN ? "warning: " : "", message);
}

/* "01:00.0", "0000:01:00.0" */
static bool is_address(const char *text)
{
	unsigned int colons = 0;
	unsigned int dots = 0;

	if (text[0] == '\0' || text[strspn(text, "0123456789abcdefABCDEF:.")] != '\0')
		return false;
	for (; *text; text++) {
		colons += *text == ':';
		dots += *text == '.';
	}
	return dots == 1 && (colons == 1 || colons == 2);
}

/* Who knows other tools gives the device as an operand, and is told of what it is not. */
static void hint_address(struct invocation *inv)
{
	const char *address = NULL;
	char others[256] = "";
	size_t used = 0;

	for (unsigned int i = 0; i < inv->operand_count; i++) {
		const char *operand = inv->operands[i];

		if (!address && is_address(operand) && strstr(inv->error.message, operand))
			address = operand;
		else if (used < sizeof(others))
			used += (size_t)snprintf(others + used, sizeof(others) - used, " %s", operand);
	}
	if (address && used < sizeof(others))
		error_hint(&inv->error, "a device is selected with -s: 'pcietool -s %s %s%s'", address,
			   inv->command->name, others);
}

/* Where whoever knows the reason knows no way out, there is one that the kind of error has. */
static void complete_hint(struct invocation *inv)
{
	struct error *e = &inv->error;

	if (e->kind == ERROR_USAGE && inv->command)
		hint_address(inv);
	if (e->hint[0])
		return;
	if (e->kind == ERROR_USAGE && inv->command)
		error_hint(e, "'pcietool %s --help' tells what it takes", inv->command->name);
	else if (e->kind == ERROR_USAGE)
		error_hint(e, "see 'pcietool --help'");
	else if (e->kind == ERROR_SELECT && inv->dump_file)
		error_hint(e, "'pcietool --from-dump %s list' shows what there is", inv->dump_file);
	else if (e->kind == ERROR_SELECT)
		error_hint(e, "'pcietool list' shows what there is");
	else if (e->kind == ERROR_GONE && strcmp(e->code, "session-ended") == 0)
		error_hint(e, "'pcietool session status' shows which there are");
	else if (e->kind == ERROR_GONE)
		error_hint(e, "'pcietool rescan' looks for what came back");
	else if (e->kind == ERROR_DENIED && strcmp(e->code, "lockdown") == 0)
		error_hint(e, "see kernel_lockdown(7)");
	else if (e->kind == ERROR_DENIED && geteuid() != 0)
		error_hint(e, "run as root");
}

void run_show_error(struct invocation *inv)
{
	const struct error *e = &inv->error;

	complete_hint(inv);
	fflush(stdout);
	fputs("pcietool: ", stderr);
	if (inv->script)
		fprintf(stderr, "%s:%u: ", inv->script, inv->line);
	fprintf(stderr, "%s%s%s\n", inv->command ? inv->command->name : "", inv->command ? ": " : "",
		e->message);
	if (e->hint[0] && inv->verbosity >= 0)
		fprintf(stderr, "hint: %s\n", e->hint);
	if (inv->json && inv->out)
		writer_error(inv->out, inv->command ? inv->command->name : "error", e);
}

/* NO_COLOR: https://no-color.org, of 2017; a terminal that can nothing says so in TERM, see terminfo(5). */
static bool wants_color(const struct invocation *inv)
{
	const char *refused = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (inv->color != COLOR_AUTO)
		return inv->color == COLOR_ALWAYS;
	return writer_is_terminal(inv->out) && !(refused && *refused) && terminal &&
	       strcmp(terminal, "dumb") != 0;
}

/* A line of a batch may wish for a form that the batch has not. */
static int open_writer(struct invocation *inv)
{
	int rc;

	if (inv->out && writer_is_json(inv->out) == inv->json)
		return 0;
	inv->own_writer = true;
	rc = writer_open(stdout, inv->json, &inv->out);
	if (rc == 0)
		writer_color(inv->out, wants_color(inv));
	return rc;
}

/* With the writer open, which has seen what the terminal is. */
static void start_pager(struct invocation *inv)
{
	/* what goes to a file has a progress bar on the terminal */
	if (!inv->command->pages || inv->nested || inv->json || inv->no_pager || inv->is_monitor ||
	    inv->options.output)
		return;
	inv->pager = pager_start();
	if (inv->pager)
		writer_set_terminal(inv->out, pager_terminal(inv->pager));
}

/* Bytes alone are of the device that is asked for. */
static void name_dump(struct invocation *inv)
{
	char name[PCI_ADDRESS_SIZE];

	if (selector_file_address(&inv->selector, &inv->dump->devices[0].address))
		return;
	pci_address_format(&inv->dump->devices[0].address, name);
	context_log(&inv->ctx, LOG_WARN,
		    "%s does not say of which device it is: here it is %s; '-s ADDRESS' gives it its own",
		    inv->dump_file, name);
}

/* The devices of --from-dump instead of the machine's. */
static int open_dump(struct invocation *inv)
{
	int rc;

	if (!inv->dump_file)
		return 0;
	if (!inv->command->offline) {
		rc = error_set(&inv->error, ERROR_USAGE, "dump", "--from-dump: this needs the device itself");
		error_hint(&inv->error, "a dump is for list, info, config read, config show, link show, aer "
					"show, acs show and p2p; "
					"'config diff' takes two of them as operands");
		return rc;
	}
	rc = dump_read(inv->dump_file, &inv->dump, &inv->error);
	if (rc < 0)
		return rc;
	inv->ctx.dump = inv->dump;
	if (inv->dump->is_nameless && inv->dump->count == 1)
		name_dump(inv);
	return 0;
}

/* A line of a batch goes into that of the batch. */
static int start_trace(struct invocation *inv)
{
	int rc = 0;

	if (inv->trace_file && inv->nested) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "--trace is an option of the batch itself");
		error_hint(&inv->error, "'pcietool batch --trace %s FILE'", inv->trace_file);
	} else if (inv->trace_file) {
		rc = trace_open(&inv->ctx, inv->trace_file, &inv->ctx.trace, &inv->error);
		inv->own_trace = rc == 0;
	}
	if (rc == 0 && inv->ctx.trace)
		trace_set_command(inv->ctx.trace, inv->command->name);
	return rc;
}

/* Of a command that gave RC. */
static int end_trace(struct invocation *inv, int rc)
{
	struct error error = { 0 };
	int lost = trace_close(inv->ctx.trace, &error);

	inv->ctx.trace = NULL;
	if (lost < 0 && rc < 0)
		context_log(&inv->ctx, LOG_WARN, "%s", error.message);
	else if (lost < 0)
		inv->error = error;
	return rc < 0 ? rc : lost;
}

/* What was found out of the device: for want of descriptors or memory that is no answer. */
static bool is_verdict(const struct invocation *inv, int rc)
{
	static const bool verdicts[] = {
		[ERROR_SELECT] = true,	[ERROR_GONE] = true,	[ERROR_UNSUPPORTED] = true,
		[ERROR_TIMEOUT] = true, [ERROR_DIFFERS] = true,
	};
	size_t kind = inv->error.kind;

	return rc == 0 || (kind < sizeof(verdicts) / sizeof(verdicts[0]) && verdicts[kind]);
}

static int run_command(struct invocation *inv)
{
	int rc = inv->repeat.run ? inv->repeat.run(inv, inv->repeat.data) : inv->command->run(inv);

	/* what was tried on the way and failed is no failure of the command; the exit status is the record's */
	if (rc == 0)
		error_clear(&inv->error);
	if (inv->lack && is_verdict(inv, rc))
		rc = error_errno(&inv->error, inv->lack, "not everything could be read");
	return inv->own_trace ? end_trace(inv, rc) : rc;
}

static void tell(struct invocation *inv, int rc)
{
	if (rc < 0 && inv->error.kind == ERROR_NONE)
		error_errno(&inv->error, rc, "failed");
	/* what failed in a batch was shown with the line that it stood in */
	if (rc < 0 && !inv->is_told)
		run_show_error(inv);
}

void run_line(struct invocation *inv, int argc, char **argv)
{
	int rc;

	inv->lack = 0;
	inv->ctx.lack = &inv->lack;
	rc = options_parse(argc, argv, inv);
	if (open_writer(inv) < 0) {
		inv->own_writer = false;
		inv->out = NULL;
		inv->json = false;
		rc = error_errno(&inv->error, -ENOMEM, "starting");
	}
	if (rc == 0 && !inv->shown)
		rc = open_dump(inv);
	/* for commands that ask what was selected, not which devices match */
	if (rc == 0 && !inv->shown)
		rc = selector_resolve(&inv->ctx, &inv->selector, &inv->error);
	if (rc == 0 && !inv->shown)
		rc = start_trace(inv);
	if (rc == 0 && !inv->shown)
		start_pager(inv);
	if (rc == 0 && !inv->shown) {
		if (inv->ctx.pool && inv->command->reopens)
			device_pool_drop(inv->ctx.pool, inv->command->reopens == REOPENS_ALL);
		if (inv->command->waits)
			fflush(stdout);
		rc = run_command(inv);
	}
	if (!inv->shown)
		tell(inv, rc);
}

void run_again(struct invocation *inv)
{
	inv->lack = 0;
	if (inv->ctx.trace)
		trace_set_command(inv->ctx.trace, inv->command->name);
	tell(inv, run_command(inv));
}

void run_end(struct invocation *inv)
{
	int rc = 0;

	if (inv->own_writer)
		rc = writer_close(inv->out);
	/* who has seen enough ends the pager */
	if (inv->pager && rc == -EPIPE)
		rc = 0;
	if (!pager_end(inv->pager)) {
		fputs("pcietool: the pager could not be run\nhint: PCIETOOL_PAGER, or PAGER, names it; --no-pager is without\n",
		      stderr);
		if (inv->error.kind == ERROR_NONE)
			inv->error.kind = ERROR_FAILED;
	}
	if (rc < 0) {
		fprintf(stderr, "pcietool: standard output: %s\n", strerror(-rc));
		if (inv->error.kind == ERROR_NONE)
			inv->error.kind = ERROR_FAILED;
	}
	dump_free(inv->dump);
	free(inv->options.capture);
}
