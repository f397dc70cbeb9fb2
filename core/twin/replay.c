// SPDX-License-Identifier: GPL-2.0-or-later
/* Each register has a place of its own in the recording; a write that was not made holds up the order of all. */
#include "core/twin/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/number.h"
#include "core/trace/file.h"

enum step_state {
	STEP_WAITS,
	STEP_CAME,
	STEP_SKIPPED, /* what came departed from it */
};

/* A line of the recording that is replayed. */
struct step {
	const struct trace_line *line;
	enum step_state state;
	bool is_intx; /* of an interrupt: what was enabled then */
};

/* A register, as it was accessed: what is at one offset in two widths is two. */
struct place {
	const struct trace_line *line; /* its first */
	size_t first; /* in SORTED */
	size_t count;
	size_t next; /* of COUNT */
	uint64_t value; /* that a read gives of which the recording knows nothing */
};

struct replay {
	const struct context *ctx;
	struct replay_options options;
	struct trace_file file;
	struct step *steps; /* in the order of the file */
	size_t count;
	struct step **sorted; /* of accesses: by place, then in the order of the file */
	size_t access_count;
	struct place *places;
	size_t place_count;
	const struct trace_line **stops; /* writes that were left with the kernel for the way out */
	size_t stop_count;
	size_t came; /* of ACCESS_COUNT */
	size_t held; /* the first step that is a write and waits; COUNT: none */
	size_t reached; /* all steps before it came, interrupts were given */
	uint64_t extents[DEVICE_BARS];
	char departure[400]; /* of the client that is followed; empty: none */
	bool is_new; /* the next access is a new client's first */
};

/* --- the file ------------------------------------------------------------------------------------------- */

static bool in_hole(const struct replay_options *o, const struct trace_line *line)
{
	for (size_t i = 0; i < sizeof(o->holes) / sizeof(o->holes[0]); i++) {
		const struct replay_hole *h = &o->holes[i];

		if (line->bar == h->bar && line->offset >= h->offset && line->offset - h->offset < h->size)
			return true;
	}
	return false;
}

/* An access of the device to one of its BARs. */
static bool is_access(const struct trace_line *line)
{
	return line->space == TRACE_BAR && line->has_value && !line->error &&
	       (line->op == TRACE_READ || line->op == TRACE_WRITE);
}

static int several_devices(const struct replay *r, const struct trace_line *a, const struct trace_line *b,
			   struct error *error)
{
	int rc = error_set(error, ERROR_USAGE, "several-devices", "%s: it has accesses to %s and to %s",
			   r->options.path, a->device ? a->device : "a device without a name",
			   b->device ? b->device : "one without a name");

	error_hint(error, "-s says which of them the twin is");
	return rc;
}

/* The device's rank in the file: the wanted one's, or the only one's. */
static int choose_device(const struct replay *r, const struct trace_line **chosen, struct error *error)
{
	char wanted[PCI_ADDRESS_SIZE] = "";

	if (r->options.address)
		pci_address_format(r->options.address, wanted);
	*chosen = NULL;
	for (size_t i = 0; i < r->file.count; i++) {
		const struct trace_line *line = &r->file.lines[i];

		if (!is_access(line) || (wanted[0] && strcmp(line->device ? line->device : "", wanted) != 0))
			continue;
		if (*chosen && (*chosen)->device_rank != line->device_rank)
			return several_devices(r, *chosen, line, error);
		*chosen = line;
	}
	if (*chosen)
		return 0;
	return error_set(error, ERROR_USAGE, "no-access", "%s: no access to a BAR%s%s is in it",
			 r->options.path, wanted[0] ? " of " : "", wanted);
}

static bool same_device(const struct trace_line *a, const struct trace_line *b)
{
	return a->device ? b->device && a->device_rank == b->device_rank : !b->device;
}

/* What was left enabled by a session before stays so: a recording that begins later does not say which it was. */
static bool enables_intx(const struct trace_line *line, bool before)
{
	return line->op == TRACE_ENABLE ? strcmp(line->place, "irq:intx") == 0 : before;
}

static int take_lines(struct replay *r, const struct trace_line *device, struct error *error)
{
	bool is_intx = false;

	r->steps = calloc(r->file.count, sizeof(*r->steps));
	r->sorted = calloc(r->file.count, sizeof(struct step *));
	r->places = calloc(r->file.count, sizeof(*r->places));
	r->stops = calloc(r->file.count, sizeof(const struct trace_line *));
	if (!r->steps || !r->sorted || !r->places || !r->stops)
		return error_errno(error, -ENOMEM, "%s", r->options.path);
	for (size_t i = 0; i < r->file.count; i++) {
		const struct trace_line *line = &r->file.lines[i];
		struct step *step = &r->steps[r->count];

		if (!same_device(line, device))
			continue;
		is_intx = enables_intx(line, is_intx);
		*step = (struct step){ .line = line, .is_intx = is_intx };
		if (is_access(line) && !in_hole(&r->options, line)) {
			r->sorted[r->access_count++] = step;
			r->count++;
		} else if (line->op == TRACE_INTERRUPT && !line->error) {
			r->count++;
		} else if (line->op == TRACE_STOP) {
			r->stops[r->stop_count++] = line;
		}
	}
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct step *x = *(struct step *const *)a;
	const struct step *y = *(struct step *const *)b;

	return trace_line_compare(x->line, y->line);
}

static void make_places(struct replay *r)
{
	qsort(r->sorted, r->access_count, sizeof(struct step *), by_place);
	for (size_t i = 0; i < r->access_count; i++) {
		const struct trace_line *line = r->sorted[i]->line;

		if (i == 0 || trace_line_compare_place(line, r->sorted[i - 1]->line) != 0)
			r->places[r->place_count++] = (struct place){ .line = line, .first = i };
		r->places[r->place_count - 1].count++;
		if (line->offset + line->width / 8 > r->extents[line->bar])
			r->extents[line->bar] = line->offset + line->width / 8;
	}
}

static void warn(const struct replay *r)
{
	const char *path = r->options.path;

	if (r->file.cut)
		context_log(r->ctx, LOG_WARN, "%s: %u line%s cut off, and left out", path, r->file.cut,
			    r->file.cut == 1 ? " is" : "s are");
	if (r->file.lost || r->file.lost_unknown)
		context_log(r->ctx, LOG_WARN,
			    "%s: %" PRIu64 "%s accesses are missing in it: what follows them may depart",
			    path, r->file.lost, r->file.lost_unknown ? " or more" : "");
}

/* "W 0:0x98 CMD 0x00000003, line 17" */
static void describe(const struct trace_line *line, char *text, size_t size)
{
	snprintf(text, size, "%c %s%s%s 0x%0*" PRIx64 ", line %u", (char)line->op, line->place,
		 line->name ? " " : "", line->name ? line->name : "", (int)(line->width / 4), line->value,
		 line->number);
}

/* The first access that did not come, which there is. */
static void describe_missing(const struct replay *r, char *text, size_t size)
{
	size_t i = 0;

	while (r->steps[i].line->op == TRACE_INTERRUPT || r->steps[i].state == STEP_CAME)
		i++;
	describe(r->steps[i].line, text, size);
}

static void start(struct replay *r)
{
	for (size_t i = 0; i < r->count; i++)
		r->steps[i].state = STEP_WAITS;
	for (size_t i = 0; i < r->place_count; i++) {
		struct place *p = &r->places[i];
		size_t n = 0;

		while (n < p->count && r->sorted[p->first + n]->line->op != TRACE_READ)
			n++;
		p->next = 0;
		p->value = n < p->count ? r->sorted[p->first + n]->line->value : 0;
	}
	r->came = 0;
	r->held = 0;
	r->reached = 0;
	while (r->held < r->count && r->steps[r->held].line->op != TRACE_WRITE)
		r->held++;
	r->departure[0] = '\0';
	r->is_new = false;
}

int replay_open(const struct context *ctx, const struct replay_options *options, struct replay **replay,
		struct error *error)
{
	struct replay *r = calloc(1, sizeof(*r));
	const struct trace_line *device;
	int rc;

	if (!r)
		return error_errno(error, -ENOMEM, "%s", options->path);
	r->ctx = ctx;
	r->options = *options;
	rc = trace_file_read(options->path, &r->file, error);
	if (rc == 0)
		rc = choose_device(r, &device, error);
	if (rc == 0)
		rc = take_lines(r, device, error);
	if (rc < 0) {
		replay_close(r);
		return rc;
	}
	make_places(r);
	start(r);
	warn(r);
	*replay = r;
	return 0;
}

void replay_close(struct replay *r)
{
	if (!r)
		return;
	free(r->steps);
	free(r->sorted);
	free(r->places);
	free(r->stops);
	trace_file_free(&r->file);
	free(r);
}

uint64_t replay_extent(const struct replay *r, unsigned int bar)
{
	return r && bar < DEVICE_BARS ? r->extents[bar] : 0;
}

int replay_fits(const struct replay *r, unsigned int bar, uint64_t size, struct error *error)
{
	for (size_t i = 0; r && i < r->place_count; i++) {
		const struct trace_line *line = r->places[i].line;
		char text[SIZE_TEXT];

		if (line->bar != bar || (line->offset < size && size - line->offset >= line->width / 8))
			continue;
		size_format(size, text);
		return error_set(error, ERROR_USAGE, "trace-too-large",
				 "%s:%u: %s does not fit into BAR %u, which has %s", r->options.path,
				 line->number, line->place, bar, text);
	}
	return 0;
}

/* --- following it ------------------------------------------------------------------------------------------ */

/* Who is there and makes no access is no reason to forget the client before. */
static void begin_access(struct replay *r)
{
	char text[200];

	if (!r->is_new)
		return;
	if (r->came && r->came < r->access_count && !r->departure[0]) {
		describe_missing(r, text, sizeof(text));
		context_log(r->ctx, LOG_WARN,
			    "the client before made %zu of %zu accesses; the first that did not come: %s",
			    r->came, r->access_count, text);
	}
	start(r);
}

void replay_restart(struct replay *r)
{
	if (r)
		r->is_new = true;
}

static struct place *find(const struct replay *r, unsigned int bar, uint64_t offset, unsigned int bits)
{
	const struct trace_line wanted = { .bar = bar, .offset = offset, .width = bits };
	size_t low = 0;
	size_t high = r->place_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = trace_line_compare_place(r->places[middle].line, &wanted);

		if (order == 0)
			return &r->places[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static struct step *next_step(const struct replay *r, const struct place *p)
{
	return p->next < p->count ? r->sorted[p->first + p->next] : NULL;
}

static void pass(struct replay *r, struct place *p, enum step_state state)
{
	next_step(r, p)->state = state;
	p->next++;
	r->came += state == STEP_CAME;
	while (r->held < r->count &&
	       (r->steps[r->held].line->op != TRACE_WRITE || r->steps[r->held].state != STEP_WAITS))
		r->held++;
}

/* A client's first time only. When all of it has come, what comes then departs from nothing. */
__attribute__((format(printf, 2, 3))) static void depart(struct replay *r, const char *format, ...)
{
	va_list arguments;

	if (r->departure[0] || r->came == r->access_count)
		return;
	va_start(arguments, format);
	vsnprintf(r->departure, sizeof(r->departure), format, arguments);
	va_end(arguments);
	twin_log_line(r->options.log, "# departs from the recording: %s", r->departure);
	context_log(r->ctx, LOG_WARN, "departs from the recording: %s", r->departure);
}

/* WHAT came where the recording has something else. */
static void depart_at(struct replay *r, const struct place *p, const char *what)
{
	const struct step *step = next_step(r, p);
	char expected[200];

	if (!step) {
		depart(r, "%s came, and the recording has no more of that register", what);
		return;
	}
	describe(step->line, expected, sizeof(expected));
	depart(r, "%s came, expected was %s", what, expected);
}

/* STEP came: was there a write before it that did not? */
static void check_order(struct replay *r, const struct step *step)
{
	char came[200];
	char expected[200];

	if (r->held >= r->count || &r->steps[r->held] >= step)
		return;
	describe(step->line, came, sizeof(came));
	describe(r->steps[r->held].line, expected, sizeof(expected));
	depart(r, "%s came, expected was first %s", came, expected);
}

static void depart_nowhere(struct replay *r, char op, unsigned int bar, uint64_t offset, unsigned int bits)
{
	depart(r, "%c %u:0x%" PRIx64 " of %u bits came, and the recording has no such access", op, bar,
	       offset, bits);
}

bool replay_read(struct replay *r, unsigned int bar, uint64_t offset, unsigned int bits, uint64_t *value)
{
	struct place *p = find(r, bar, offset, bits);
	const struct step *step;
	char what[100];

	begin_access(r);
	if (!p) {
		depart_nowhere(r, 'R', bar, offset, bits);
		return false;
	}
	step = next_step(r, p);
	if (step && step->line->op == TRACE_READ) {
		check_order(r, step);
		p->value = step->line->value;
		pass(r, p, STEP_CAME);
	} else {
		snprintf(what, sizeof(what), "R %s", p->line->place);
		depart_at(r, p, what);
	}
	*value = p->value;
	return true;
}

/* What a process left with the kernel, for when it ends. */
static bool is_stop(const struct replay *r, const struct place *p, uint64_t value)
{
	for (size_t i = 0; i < r->stop_count; i++) {
		if (r->stops[i]->space == TRACE_BAR && trace_line_compare_place(r->stops[i], p->line) == 0 &&
		    r->stops[i]->value == value)
			return true;
	}
	return false;
}

/* Is that write one of a later step, so that those before it were left out? Then these are passed. */
static bool skip_to(struct replay *r, struct place *p, uint64_t value)
{
	size_t n = p->next;

	while (n < p->count && (r->sorted[p->first + n]->line->op != TRACE_WRITE ||
				r->sorted[p->first + n]->line->value != value))
		n++;
	if (n == p->count)
		return false;
	while (p->next < n)
		pass(r, p, STEP_SKIPPED);
	return true;
}

void replay_write(struct replay *r, unsigned int bar, uint64_t offset, unsigned int bits, uint64_t value)
{
	struct place *p = find(r, bar, offset, bits);
	const struct step *step;
	char what[100];

	begin_access(r);
	if (!p) {
		depart_nowhere(r, 'W', bar, offset, bits);
		return;
	}
	step = next_step(r, p);
	if (step && step->line->op == TRACE_WRITE && step->line->value == value) {
		check_order(r, step);
		pass(r, p, STEP_CAME);
		return;
	}
	if (is_stop(r, p, value))
		return;
	snprintf(what, sizeof(what), "W %s 0x%0*" PRIx64, p->line->place, (int)(bits / 4), value);
	depart_at(r, p, what);
	/* it goes on as well as can be */
	if (skip_to(r, p, value))
		pass(r, p, STEP_CAME);
	else if (step && step->line->op == TRACE_WRITE)
		pass(r, p, STEP_SKIPPED);
}

bool replay_interrupt(struct replay *r, struct replay_event *event)
{
	for (; r && r->reached < r->count; r->reached++) {
		const struct step *step = &r->steps[r->reached];

		if (step->line->op != TRACE_INTERRUPT && step->state == STEP_WAITS)
			return false;
		if (step->line->op != TRACE_INTERRUPT)
			continue;
		/* "irq:0" */
		event->vector = strlen(step->line->place) > 4
					? (unsigned int)strtoul(step->line->place + 4, NULL, 10)
					: 0;
		event->is_intx = step->is_intx;
		r->reached++;
		return true;
	}
	return false;
}

int replay_verdict(const struct replay *r, struct error *error)
{
	char text[200];

	if (!r || (!r->departure[0] && r->came == r->access_count))
		return 0;
	if (r->departure[0])
		return error_set(error, ERROR_DIFFERS, "departs", "%s: %s", r->options.path, r->departure);
	describe_missing(r, text, sizeof(text));
	return error_set(error, ERROR_DIFFERS, "unfinished",
			 "%s: %zu of %zu accesses came; the first that did not: %s", r->options.path, r->came,
			 r->access_count, text);
}
