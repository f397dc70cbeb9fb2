// SPDX-License-Identifier: GPL-2.0-or-later
/* batch: the command lines of a file, or of a prompt, in one process. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/prompt.h"
#include "cli/run.h"
#include "core/backend/pool.h"
#include "core/base/script.h"

enum { LINES_KEPT = 8 };

/* A line that is run. One that was run before and can be repeated is kept: its text again needs no look at its words. */
struct line {
	const char *text; /* the arena's; NULL: it is not kept */
	uint64_t hash; /* of that */
	unsigned long drops; /* the pool's, when it was run */
	struct words words;
	char **argv; /* as main() would have it */
	int argc;
	size_t argv_size;
	struct arena arena;
	struct invocation inv;
};

struct batch {
	struct invocation *inv; /* of the batch itself: the defaults of each line */
	const char *name; /* of the file, for messages */
	struct device_pool *pool;
	struct command_recall recall;
	struct line line; /* one that is not kept */
	struct line kept[LINES_KEPT];
	unsigned int next_kept;
	uint64_t seen[LINES_KEPT]; /* the hashes of the last ones that are not kept */
	unsigned int next_seen;
	enum error_kind first; /* of the failures */
	bool is_lost; /* which device is meant from here on: a "use" failed */
	bool interactive;
};

/* --- a line ---------------------------------------------------------------------------------------- */

static void begin_line(struct batch *b, struct line *line, unsigned int number)
{
	const struct invocation *inv = b->inv;
	struct invocation *own = &line->inv;

	line->text = NULL;
	arena_reset(&line->arena);
	/* the texts of the error are half of it, and need not be zeroed */
	memset(own, 0, offsetof(struct invocation, error));
	error_clear(&own->error);
	own->commands = inv->commands;
	own->recall = &b->recall;
	own->arena = &line->arena;
	own->ctx = inv->ctx;
	own->ctx.log_data = own;
	own->ctx.pool = b->pool;
	own->selector = inv->selector;
	own->inherited = true;
	own->selected = inv->selected;
	own->fallback = inv->fallback;
	own->json = inv->json;
	own->dry_run = inv->dry_run;
	own->verbosity = inv->verbosity;
	own->out = inv->out;
	own->nested = true;
	own->interactive = b->interactive;
	own->script = b->interactive ? NULL : b->name;
	own->line = number;
}

/* "use -s ADDRESS", "use -d VENDOR:DEVICE": the device of the lines that follow. */
static int use(struct batch *b, struct line *line)
{
	char *const *words = line->words.list;
	struct invocation *inv = &line->inv;
	struct selector selector;
	int rc;

	selector_init(&selector);
	if (line->words.count != 3)
		rc = error_set(&inv->error, ERROR_USAGE, "usage",
			       "use: it is 'use -s ADDRESS' or 'use -d VENDOR:DEVICE'");
	else if (strcmp(words[1], "-s") == 0 || strcmp(words[1], "--slot") == 0)
		rc = selector_set_slot(&selector, words[2], &inv->error);
	else if (strcmp(words[1], "-d") == 0 || strcmp(words[1], "--device") == 0)
		rc = selector_set_id(&selector, words[2], &inv->error);
	else
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "use: '%s' is neither -s nor -d", words[1]);
	if (rc < 0) {
		if (!inv->error.hint[0])
			error_hint(&inv->error, "'pcietool batch --help' tells what it takes");
		run_show_error(inv);
		b->is_lost = true;
		return rc;
	}
	b->inv->selector = selector;
	b->inv->selected = true;
	/* what was run before was of another device */
	for (unsigned int i = 0; i < LINES_KEPT; i++)
		b->kept[i].text = NULL;
	return 0;
}

static int make_argv(struct line *line)
{
	/* who comes from a shell types it */
	size_t skipped = line->inv.interactive && strcmp(line->words.list[0], "pcietool") == 0;
	size_t needed = line->words.count + 2;
	char **grown = line->argv;

	if (needed > line->argv_size)
		grown = reallocarray(line->argv, 2 * needed, sizeof(*grown));
	if (!grown)
		return error_errno(&line->inv.error, -ENOMEM, "starting");
	if (needed > line->argv_size)
		line->argv_size = 2 * needed;
	line->argv = grown;
	grown[0] = "pcietool";
	line->argc = (int)(line->words.count - skipped) + 1;
	memcpy(grown + 1, line->words.list + skipped, (line->words.count - skipped) * sizeof(*grown));
	grown[line->argc] = NULL;
	return 0;
}

static void run_words(struct batch *b, struct line *line)
{
	struct invocation *inv = &line->inv;
	int rc = 0;

	if (strcmp(line->words.list[0], "use") == 0) {
		use(b, line);
		return;
	}
	if (strcmp(line->words.list[0], "pcietool") == 0 && !b->interactive) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "a line starts with the command itself");
		error_hint(&inv->error, "leave the word pcietool out");
	}
	if (rc == 0)
		rc = make_argv(line);
	if (rc < 0)
		run_show_error(inv);
	else
		run_line(inv, line->argc, line->argv);
}

/* What the line did; remembers the first failure. */
static int end_line(struct batch *b, const struct invocation *inv)
{
	writer_batch_line_end(b->inv->out);
	/* what failed, and what changed the device, may have made the mappings worthless */
	if (inv->error.kind || (inv->command && inv->command->reopens))
		device_pool_drop(b->pool, inv->command && inv->command->reopens == REOPENS_ALL);
	if (inv->error.kind && !b->first)
		b->first = inv->error.kind;
	return inv->error.kind ? -EIO : 0;
}

/* One with a writer of its own has lost that. */
static void keep(struct batch *b, struct line *line, const char *text, uint64_t hash)
{
	const struct invocation *inv = &line->inv;
	size_t size = strlen(text) + 1;
	char *copy;

	if (!inv->repeat.run || inv->error.kind || inv->own_writer)
		return;
	copy = arena_array(&line->arena, size, 1);
	if (!copy)
		return;
	line->text = memcpy(copy, text, size);
	line->hash = hash;
	line->drops = device_pool_drops(b->pool);
	b->next_kept = (b->next_kept + 1) % LINES_KEPT;
}

/* As FNV-1a (draft-eastlake-fnv, section 2), but by words: equal texts have one, different ones nearly never. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325;
	size_t left = strlen(text);
	uint64_t word;

	for (; left >= sizeof(word); left -= sizeof(word), text += sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		hash = (hash ^ word) * 0x100000001b3;
	}
	for (; left > 0; left--, text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash;
}

static struct line *find_kept(struct batch *b, const char *text, uint64_t hash)
{
	for (struct line *line = b->kept; line < b->kept + LINES_KEPT; line++) {
		if (line->hash == hash && line->text && line->drops == device_pool_drops(b->pool) &&
		    strcmp(line->text, text) == 0)
			return line;
	}
	return NULL;
}

/* Was it seen a moment ago? It is, now. */
static bool see(struct batch *b, uint64_t hash)
{
	for (unsigned int i = 0; i < LINES_KEPT; i++) {
		if (b->seen[i] == hash)
			return true;
	}
	b->seen[b->next_seen] = hash;
	b->next_seen = (b->next_seen + 1) % LINES_KEPT;
	return false;
}

/* Of a line that has no words. */
static bool is_use(const char *text)
{
	const char *word = text + strspn(text, " \t");

	return strncmp(word, "use", 3) == 0 && (word[3] == ' ' || word[3] == '\t');
}

static int run_kept(struct batch *b, struct line *line, unsigned int number)
{
	line->inv.line = number;
	writer_batch_line(b->inv->out, number, line->text);
	run_again(&line->inv);
	return end_line(b, &line->inv);
}

static int run_new(struct batch *b, const char *text, unsigned int number, uint64_t hash)
{
	bool was_seen = see(b, hash);
	struct line *line = was_seen ? &b->kept[b->next_kept] : &b->line;
	struct invocation *inv = &line->inv;

	begin_line(b, line, number);
	inv->may_repeat = was_seen;
	if (words_split(text, &line->words, &inv->error) < 0) {
		writer_batch_line(inv->out, number, text);
		run_show_error(inv);
		b->is_lost = is_use(text);
	} else if (line->words.count) {
		writer_batch_line(inv->out, number, text);
		run_words(b, line);
		run_end(inv);
		keep(b, line, text, hash);
	}
	return end_line(b, inv);
}

static int run_text(struct batch *b, const char *text, unsigned int number)
{
	uint64_t hash = hash_of(text);
	struct line *line = find_kept(b, text, hash);

	return line ? run_kept(b, line, number) : run_new(b, text, number, hash);
}

static void free_line(struct line *line)
{
	words_free(&line->words);
	free(line->argv);
	arena_free(&line->arena);
}

/* A line that is no text: it fails as any other does. */
static int run_malformed(struct batch *b, unsigned int number)
{
	struct invocation *inv = &b->line.inv;

	begin_line(b, &b->line, number);
	inv->error = b->inv->error;
	error_clear(&b->inv->error);
	/* the message has the place */
	inv->script = NULL;
	writer_batch_line(inv->out, number, "?");
	run_show_error(inv);
	return end_line(b, inv);
}

/* --- a file ---------------------------------------------------------------------------------------- */

/* Standard input as the script is taken away from the commands: one that reads it would eat the script. */
static int take_stdin(struct error *error)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	int rc = 0;

	if (null < 0 || fd < 0 || dup2(null, STDIN_FILENO) < 0)
		rc = error_errno(error, error_last(), "standard input");
	if (null >= 0)
		close(null);
	if (rc < 0 && fd >= 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

static int open_script(struct batch *b, struct error *error)
{
	int fd;

	if (strcmp(b->name, "-") == 0) {
		b->name = "standard input";
		return take_stdin(error);
	}
	fd = open(b->name, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? error_errno(error, error_last(), "%s", b->name) : fd;
}

/* A program that drives the batch through pipes writes the next line when it has the answers to the last. */
static void show_answers(void *unused)
{
	(void)unused;
	fflush(stdout);
}

static int run_script(struct batch *b, struct script *script)
{
	const struct option_values *o = &b->inv->options;
	const char *text;
	int rc;

	script_before_wait(script, show_answers, NULL);
	for (;;) {
		rc = script_next(script, &text, &b->inv->error);
		if (rc < 0 && b->inv->error.kind == ERROR_USAGE)
			rc = run_malformed(b, script_line(script));
		else if (rc < 0 || !text)
			return rc;
		else
			rc = run_text(b, text, script_line(script));
		/* what follows would be done to the device of an earlier one */
		if (rc < 0 && (!o->keep_going || b->is_lost))
			return 0;
	}
}

static int run_file(struct batch *b)
{
	struct error *error = &b->inv->error;
	struct script *script;
	int fd = open_script(b, error);
	int rc;

	if (fd < 0)
		return fd;
	rc = script_open(fd, b->name, &script, error);
	if (rc == 0) {
		rc = run_script(b, script);
		script_close(script);
	}
	close(fd);
	return rc;
}

/* --- a prompt -------------------------------------------------------------------------------------- */

static void prompt_text(const struct batch *b, char *text, size_t size)
{
	struct pci_address address;
	struct error ignored;
	char name[PCI_ADDRESS_SIZE];

	if (b->inv->selected && selector_one(&b->inv->ctx, &b->inv->selector, &address, &ignored) == 0) {
		pci_address_format(&address, name);
		snprintf(text, size, "%s> ", name);
	} else {
		snprintf(text, size, "pcietool> ");
	}
}

/* Tab puts a blank behind it. */
static bool is_end(const char *line)
{
	static const char *const words[] = { "exit", "quit" };
	const char *word = line + strspn(line, " \t");
	size_t n = strcspn(word, " \t");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (n == strlen(words[i]) && memcmp(word, words[i], n) == 0)
			return !word[n + strspn(word + n, " \t")];
	}
	return false;
}

static int run_prompt(struct batch *b)
{
	struct prompt *prompt;
	int rc = prompt_open(b->inv, &prompt, &b->inv->error);

	if (rc < 0)
		return rc;
	if (b->inv->verbosity >= 0)
		fprintf(stderr,
			"pcietool %s: Tab completes, 'help' lists the commands, 'exit' or Ctrl-D ends it\n",
			command_version());
	for (;;) {
		char text[PCI_ADDRESS_SIZE + 4];
		const char *line;

		prompt_text(b, text, sizeof(text));
		line = prompt_read(prompt, text);
		if (!line || is_end(line))
			break;
		run_text(b, line, 0);
		fflush(stdout);
	}
	prompt_close(prompt);
	/* an error at a prompt was seen by whom it concerns */
	b->first = ERROR_NONE;
	return 0;
}

/* --- the command ----------------------------------------------------------------------------------- */

static int run_batch(struct invocation *inv)
{
	struct batch b = { .inv = inv, .name = inv->operand_count ? inv->operands[0] : "-" };
	int rc;

	if (inv->nested)
		return error_set(&inv->error, ERROR_USAGE, "usage", "a batch cannot be a line of a batch");
	if (device_pool_open(&b.pool) < 0)
		return error_errno(&inv->error, -ENOMEM, "starting");
	/* a dry run must not reset it */
	inv->ctx.opens_vfio = !inv->dry_run;
	b.interactive = strcmp(b.name, "-") == 0 && isatty(STDIN_FILENO);
	rc = b.interactive ? run_prompt(&b) : run_file(&b);
	if (rc == 0 && b.first) {
		inv->error.kind = b.first;
		inv->is_told = true;
		rc = -EIO;
	}
	device_pool_close(b.pool, &inv->ctx);
	free_line(&b.line);
	for (unsigned int i = 0; i < LINES_KEPT; i++)
		free_line(&b.kept[i]);
	return rc;
}

const struct command batch_commands[] = {
	{
		.name = "batch",
		.operands = "[FILE|-]",
		.summary = "Run the command lines of a file in one process, or prompt for them",
		.details = "A command line per line, without the word pcietool, quoted as for a shell; '#' "
			   "starts a comment, a '\\' at the end continues a line. Devices, mappings and "
			   "register maps are opened once. Options given here are the defaults of each "
			   "line; the line 'use -s ADDRESS' or 'use -d VENDOR:DEVICE' selects the device "
			   "of those that follow. Stops at the first failure, whose exit status it has; with "
			   "--keep-going only behind a 'use' that is wrong. On a terminal it prompts, with "
			   "completion and history.",
		.max_operands = 1,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_KEEP_GOING),
		.run = run_batch,
	},
	{ 0 },
};
