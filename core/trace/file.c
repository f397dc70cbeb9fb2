// SPDX-License-Identifier: GPL-2.0-or-later
/* The reading end of a trace. */
#include "core/trace/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/base/clock.h"
#include "core/base/number.h"

#define COLUMNS 10
#define COLUMNS_MIN 9
/* Lines of a block are written together at its end, behind those that others wrote meanwhile: so late at most, in general. */
#define LATE_NS 1000000000u

struct reader {
	const char *path;
	struct trace_file *file;
	const char **devices;
	unsigned int last; /* in DEVICES: that of the line before */
	bool is_first; /* the next line is a process' first one */
	bool is_header; /* the line before says the version */
	const char *boot; /* of which the lines are that come; NULL: not known */
	const char *known; /* the last one of which there were lines; NULL: none */
	unsigned int known_clock; /* theirs */
	struct error *error;
};

/* --- the bytes ---------------------------------------------------------------------------------------- */

static int no_trace(const char *path, const char *why, struct error *error)
{
	return error_set(error, ERROR_FAILED, "no-trace", "%s: this is no trace: %s", path, why);
}

/* *TEXT, with a NUL behind it, is the caller's to free. */
static int read_all(int fd, const char *path, char **text, size_t *length, struct error *error)
{
	size_t size = 65536;
	size_t used = 0;
	char *all = malloc(size + 1);
	ssize_t n;

	while (all && (n = read(fd, all + used, size - used)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			free(all);
			return error_errno(error, error_last(), "%s", path);
		}
		used += (size_t)n;
		if (used == size) {
			char *grown = size < TRACE_FILE_MAX ? realloc(all, 2 * size + 1) : NULL;

			if (!grown)
				free(all);
			all = grown;
			size *= 2;
		}
	}
	if (!all)
		return error_errno(error, -ENOMEM, "%s", path);
	all[used] = '\0';
	*text = all;
	*length = used;
	return 0;
}

/* --- a line ------------------------------------------------------------------------------------------- */

/* "-" is nothing. */
static const char *optional(const char *word)
{
	return strcmp(word, "-") == 0 ? NULL : word;
}

static bool is_number(const char *word, uint64_t *value)
{
	struct error ignored;

	return number_parse(word, value, &ignored) == 0;
}

/* "0:0x98", "config:0x4", "@rx+0x8", "@rx", "irq:0" */
static bool parse_place(char *place, struct trace_line *line)
{
	char *colon = strchr(place, ':');
	char *offset = place[0] == '@' ? strchr(place, '+') : colon;
	uint64_t bar;

	line->place = place;
	if (place[0] == '@')
		line->space = TRACE_BUFFER;
	else if (strncmp(place, "irq", 3) == 0)
		line->space = TRACE_IRQ;
	else if (strncmp(place, "config:", 7) == 0)
		line->space = TRACE_CONFIG;
	else if (strncmp(place, "mem:", 4) == 0)
		line->space = TRACE_MEMORY;
	else if (place[0] >= '0' && place[0] <= '5' && place[1] == ':')
		line->space = TRACE_BAR;
	else if (strncmp(place, "6:", 2) == 0)
		line->space = TRACE_ROM;
	else
		return false;
	bar = line->space == TRACE_BAR ? (uint64_t)(place[0] - '0') : 0;
	line->bar = (unsigned int)bar;
	if (line->space == TRACE_IRQ || (line->space == TRACE_BUFFER && !offset))
		return true;
	line->has_offset = offset && is_number(offset + 1, &line->offset);
	return line->has_offset;
}

static bool is_access(enum trace_op op)
{
	return op == TRACE_READ || op == TRACE_WRITE || op == TRACE_STOP;
}

static bool parse_what(char **columns, struct trace_line *line)
{
	if (strlen(columns[6]) != 1 || !strchr("RWAFEDISL", columns[6][0]))
		return false;
	line->op = (enum trace_op)columns[6][0];
	if (optional(columns[7]) && !is_number(columns[7], &line->width))
		return false;
	if (is_access(line->op) && (!line->has_offset || (line->width != 8 && line->width != 16 &&
							  line->width != 32 && line->width != 64)))
		return false;
	line->has_value = optional(columns[8]) != NULL;
	if (line->has_value && !is_number(columns[8], &line->value))
		return false;
	return !is_access(line->op) || line->value <= width_max((unsigned int)line->width);
}

/* -ENOMEM, no record. */
static int rank_device(struct reader *r, struct trace_line *line)
{
	struct trace_file *f = r->file;
	const char **grown;
	unsigned int i = 0;

	if (!line->device)
		return 0;
	/* mostly it is the same one for long */
	if (r->last < f->devices && strcmp(r->devices[r->last], line->device) == 0)
		i = r->last;
	while (i < f->devices && strcmp(r->devices[i], line->device) != 0)
		i++;
	if (i == f->devices) {
		grown = array_grow(r->devices, f->devices, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		r->devices = grown;
		grown[f->devices++] = line->device;
	}
	line->device_rank = r->last = i;
	return 0;
}

/* Cuts TEXT into words in place. */
static size_t split(char *text, char *columns[COLUMNS + 1])
{
	size_t count = 0;
	char *rest;

	for (char *word = strtok_r(text, " ", &rest); word && count <= COLUMNS;
	     word = strtok_r(NULL, " ", &rest))
		columns[count++] = word;
	return count;
}

static bool parse_line(char *text, struct trace_line *line)
{
	char *columns[COLUMNS + 1];
	size_t count = split(text, columns);

	if (count < COLUMNS_MIN || count > COLUMNS)
		return false;
	/* what is made of it goes where other characters mean something */
	for (size_t i = 0; i < count; i++) {
		if (columns[i][strspn(columns[i], TRACE_WORD)])
			return false;
	}
	line->command = columns[2];
	line->device = optional(columns[3]);
	line->name = optional(columns[5]);
	line->error = count == COLUMNS ? columns[9] : NULL;
	return is_number(columns[0], &line->time) && is_number(columns[1], &line->process) &&
	       parse_place(columns[4], line) && parse_what(columns, line);
}

/* --- all of them ---------------------------------------------------------------------------------------- */

static int check_version(struct reader *r, const char *text)
{
	uint64_t version;

	if (strncmp(text, TRACE_MAGIC, sizeof(TRACE_MAGIC) - 1) != 0)
		return 0;
	r->is_first = true;
	r->is_header = true;
	r->boot = NULL;
	if (is_number(text + sizeof(TRACE_MAGIC) - 1, &version) && version == TRACE_VERSION)
		return 0;
	return error_set(r->error, ERROR_UNSUPPORTED, "other-version",
			 "%s: a trace of version %.20s; this program knows version %d", r->path,
			 text + sizeof(TRACE_MAGIC) - 1, TRACE_VERSION);
}

static int take_comment(struct reader *r, const char *text)
{
	bool is_second = r->is_header;

	r->is_header = false;
	if (is_second && strncmp(text, TRACE_BOOT, sizeof(TRACE_BOOT) - 1) == 0)
		r->boot = text + sizeof(TRACE_BOOT) - 1;
	return check_version(r, text);
}

/* Without the kernel's word: a process of another boot begins with a line of its own, and mostly at an earlier time. */
static bool is_earlier(const struct reader *r, const struct trace_line *before, const struct trace_line *line)
{
	return r->is_first && line->time < before->time && before->time - line->time > LATE_NS;
}

/* CLOCK_MONOTONIC counts from the start of the machine. */
static void find_clock(struct reader *r, struct trace_line *line)
{
	const struct trace_file *f = r->file;
	const struct trace_line *before = f->count ? &f->lines[f->count - 1] : NULL;

	line->clock = before ? before->clock : 0;
	if (r->boot && r->known) {
		if (line->clock == r->known_clock && strcmp(r->boot, r->known) != 0)
			line->clock++;
	} else if (before && is_earlier(r, before, line)) {
		line->clock++;
	}
	if (r->boot) {
		r->known = r->boot;
		r->known_clock = line->clock;
	}
	r->is_first = false;
}

static int add_line(struct reader *r, struct trace_line *line)
{
	struct trace_file *f = r->file;
	struct trace_line *grown;

	if (rank_device(r, line) < 0)
		return error_errno(r->error, -ENOMEM, "%s", r->path);
	grown = array_grow(f->lines, f->count, sizeof(*grown));
	if (!grown)
		return error_errno(r->error, -ENOMEM, "%s", r->path);
	f->lines = grown;
	find_clock(r, line);
	grown[f->count++] = *line;
	if (line->op == TRACE_LOST) {
		f->lost_unknown |= line->value == UINT64_MAX;
		f->lost += line->value == UINT64_MAX ? 0 : line->value;
	}
	return 0;
}

static int take_line(struct reader *r, char *text, unsigned int number)
{
	struct trace_line line = { .number = number };

	if (text[0] == '#')
		return take_comment(r, text);
	r->is_header = false;
	if (text[0] == '\0')
		return 0;
	if (parse_line(text, &line))
		return add_line(r, &line);
	return error_set(r->error, ERROR_FAILED, "damaged-trace",
			 "%s:%u: this is no line of a trace, see pcietool-trace(5)", r->path, number);
}

/*
 * Has the line before NEXT no end of its own? At the end of the file, or one empty line behind it: a writer that finds a
 * file that does not end with a line begins with "\n\n". Where that line came to its end meanwhile, two are behind it.
 * What is there may look whole by chance, with a value that is cut off.
 */
static bool is_cut(const char *next)
{
	return !next || (next[0] == '\n' && next[1] != '\n');
}

static int take_text(struct reader *r, char *text, size_t length)
{
	unsigned int number = 0;
	char *next;
	int rc = 0;

	if (length == 0)
		return no_trace(r->path, "it is empty", r->error);
	if (strncmp(text, TRACE_MAGIC, sizeof(TRACE_MAGIC) - 1) != 0)
		return no_trace(r->path, "it does not start with '" TRACE_MAGIC "1'", r->error);
	if (strlen(text) != length)
		return no_trace(r->path, "there is a NUL byte in it", r->error);
	for (char *line = text; rc == 0 && line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		number++;
		if (*line && is_cut(next))
			r->file->cut++;
		else
			rc = take_line(r, line, number);
	}
	return rc;
}

int trace_file_read(const char *path, struct trace_file *file, struct error *error)
{
	struct reader r = { .path = path, .file = file, .error = error };
	size_t length = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return error_errno(error, error_last(), "%s", path);
	rc = read_all(fd, path, &file->text, &length, error);
	close(fd);
	if (rc == 0)
		rc = take_text(&r, file->text, length);
	free(r.devices);
	return rc;
}

int trace_file_keep(const char *path, struct trace_file *file, const char *device, size_t *others,
		    struct error *error)
{
	size_t kept = 0;

	for (size_t i = 0; i < file->count; i++) {
		struct trace_line *line = &file->lines[i];

		if (!line->device || strcmp(line->device, device) != 0)
			continue;
		file->lines[kept] = *line;
		file->lines[kept++].device_rank = 0;
	}
	if (kept == 0)
		return error_set(error, ERROR_SELECT, "no-access", "%s: nothing of %s is in it", path,
				 device);
	*others = file->count - kept;
	file->count = kept;
	file->devices = 1;
	return 0;
}

void trace_file_free(struct trace_file *file)
{
	free(file->lines);
	free(file->text);
	*file = (struct trace_file){ 0 };
}

/* --- comparing, folding ----------------------------------------------------------------------------------- */

static bool same_word(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : !a && !b;
}

/* At the same place of the same device, in the same width. */
static bool same_place(const struct trace_line *a, const struct trace_line *b)
{
	return a->space == b->space && a->width == b->width && a->offset == b->offset &&
	       a->device_rank == b->device_rank && strcmp(a->place, b->place) == 0;
}

int trace_line_compare_place(const struct trace_line *a, const struct trace_line *b)
{
	if (a->bar != b->bar)
		return a->bar < b->bar ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	if (a->width != b->width)
		return a->width < b->width ? -1 : 1;
	return 0;
}

int trace_line_compare(const struct trace_line *a, const struct trace_line *b)
{
	int order = trace_line_compare_place(a, b);

	return order ? order : a->number < b->number ? -1 : a->number > b->number;
}

bool trace_line_same(const struct trace_line *a, const struct trace_line *b)
{
	return a->op == b->op && a->has_value == b->has_value && a->value == b->value && same_place(a, b) &&
	       same_word(a->error, b->error);
}

static int word_order(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : !!a - !!b;
}

int trace_line_order(const struct trace_line *a, const struct trace_line *b)
{
	const uint64_t x[] = { a->op, a->space, a->device_rank, a->offset, a->width, a->has_value, a->value };
	const uint64_t y[] = { b->op, b->space, b->device_rank, b->offset, b->width, b->has_value, b->value };
	int order;

	for (size_t i = 0; i < sizeof(x) / sizeof(x[0]); i++) {
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	}
	order = strcmp(a->place, b->place);
	return order ? order : word_order(a->error, b->error);
}

int trace_steps(const struct trace_file *file, struct trace_step **steps, size_t *count)
{
	struct trace_step *list = NULL;
	size_t n = 0;

	for (size_t i = 0; i < file->count; i++) {
		const struct trace_line *line = &file->lines[i];
		struct trace_step *grown;

		if (n > 0 && line->op == TRACE_READ && trace_line_same(list[n - 1].line, line) &&
		    list[n - 1].line->process == line->process && list[n - 1].line->clock == line->clock) {
			list[n - 1].count++;
			list[n - 1].last = line->time;
			continue;
		}
		grown = array_grow(list, n, sizeof(*grown));
		if (!grown) {
			free(list);
			return -ENOMEM;
		}
		list = grown;
		list[n++] = (struct trace_step){ .line = line, .count = 1, .last = line->time };
	}
	*steps = list;
	*count = n;
	return 0;
}

double trace_ms(uint64_t from, uint64_t to)
{
	return to >= from ? clock_ms(to - from) : -clock_ms(from - to);
}

bool trace_step_is_wait(const struct trace_step *step, const struct trace_step *next, uint64_t *mask)
{
	const struct trace_line *a = step->line;
	const struct trace_line *b = next->line;

	if (step->count < 2 || a->op != TRACE_READ || b->op != TRACE_READ || !a->has_value || !b->has_value ||
	    !same_place(a, b) || a->clock != b->clock)
		return false;
	*mask = a->value ^ b->value;
	return *mask != 0;
}
