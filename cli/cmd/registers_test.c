// SPDX-License-Identifier: GPL-2.0-or-later
/* regs test: memory behind a BAR, or a DMA buffer. */
#include <errno.h>
#include <inttypes.h>

#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "cli/signals.h"
#include "core/access/memory_test.h"

static void view_failure(struct writer *w, const struct memory_test_failure *f, unsigned int width)
{
	int digits = register_digits(width);

	writer_object(w, NULL);
	writer_string(w, "phase", NULL, memory_test_phase_name(f->phase));
	writer_hex(w, "offset", "    at ", f->offset, 0);
	writer_hex(w, "expected", ": expected ", f->expected, digits);
	writer_hex(w, "read", ", read ", f->read, digits);
	writer_hex(w, "bits", ", wrong bits ", f->expected ^ f->read, digits);
	if (f->phase == MEMORY_TEST_ADDRESS)
		writer_hex(w, "cause", ", changed with ", f->cause, 0);
	writer_line(w);
	writer_end(w);
}

static void view_phase(struct writer *w, const struct memory_test_result *r, enum memory_test_phase phase,
		       unsigned int width)
{
	writer_object(w, NULL);
	writer_string(w, "phase", "", memory_test_phase_name(phase));
	writer_column(w, 14);
	writer_bool(w, "done", NULL, r->done[phase]);
	writer_number(w, "failures", NULL, r->total[phase]);
	if (r->total[phase])
		writer_text(w, " %" PRIu64 " failures", r->total[phase]);
	else
		writer_text(w, " %s", r->done[phase] ? "good" : "not done");
	writer_line(w);
	writer_array(w, "first");
	for (unsigned int i = 0; i < r->failure_count; i++) {
		if (r->failures[i].phase == phase)
			view_failure(w, &r->failures[i], width);
	}
	writer_end(w);
	writer_end(w);
}

static void view(struct invocation *inv, const struct target *t, uint64_t length,
		 const struct memory_test_result *r)
{
	struct writer *w = inv->out;
	char ref[2 * REGISTER_NAME_SIZE];

	target_format(t, ref, sizeof(ref));
	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "region", NULL, t->region->name);
	writer_string(w, "ref", inv->dry_run ? "" : NULL, ref);
	writer_hex(w, "offset", NULL, t->offset, 0);
	writer_number(w, "length", inv->dry_run ? ": would be tested and put back: bytes " : NULL, length);
	writer_number(w, "width", inv->dry_run ? ", width " : NULL, t->width);
	if (inv->dry_run) {
		writer_line(w);
		return;
	}
	writer_array(w, "phases");
	for (int phase = 0; phase < MEMORY_TEST_PHASES; phase++)
		view_phase(w, r, (enum memory_test_phase)phase, t->width);
	writer_end(w);
	writer_hex(w, "bad_bits", NULL, r->bad_bits, register_digits(t->width));
	writer_hex(w, "bad_address_lines", NULL, r->bad_lines, 0);
	writer_bool(w, "stopped", NULL, r->stopped);
	writer_bool(w, "restored", NULL, !r->not_restored);
}

static int verdict(struct invocation *inv, const struct target *t, const struct memory_test_result *r)
{
	struct error *e = &inv->error;
	uint64_t total = 0;

	for (int phase = 0; phase < MEMORY_TEST_PHASES; phase++)
		total += r->total[phase];
	if (total && r->bad_lines)
		return error_set(e, ERROR_DIFFERS, "differs",
				 "%s: %" PRIu64 " failures, data bits 0x%" PRIx64
				 ", words whose offsets differ in 0x%" PRIx64 " are not told apart",
				 t->region->name, total, r->bad_bits, r->bad_lines);
	if (total)
		return error_set(e, ERROR_DIFFERS, "differs",
				 "%s: %" PRIu64 " failures, data bits 0x%" PRIx64 ", the first at 0x%" PRIx64,
				 t->region->name, total, r->bad_bits, r->failures[0].offset);
	if (r->not_restored)
		return error_set(e, ERROR_FAILED, "not-restored",
				 "%s: 0x%" PRIx64 " does not hold what it held before: is it memory?",
				 t->region->name, r->not_restored_at);
	return 0;
}

static int run_test(struct invocation *inv, const struct target *t, uint64_t length)
{
	struct memory_test_result result = { 0 };
	int rc = 0;

	if (!inv->dry_run) {
		signals_catch();
		rc = memory_test_run(t, length, signals_stopped, NULL, &result, &inv->error);
	}
	if (rc == 0)
		view(inv, t, length, &result);
	if (rc == 0)
		rc = verdict(inv, t, &result);
	return inv->dry_run ? rc : signals_end(inv, !result.stopped, rc);
}

int registers_test(struct invocation *inv)
{
	struct device *device = NULL;
	struct access access = { 0 };
	struct target target = { 0 };
	struct range range;
	uint64_t length;
	int rc;

	rc = range_parse(inv->operands[0], &range, &inv->error);
	if (rc == 0)
		rc = registers_open(inv, SPACE_BAR, true, &device, &access);
	if (rc < 0)
		return rc;
	rc = access_resolve_range(&access, &range, &target, &length, &inv->error);
	if (rc == 0 && target.item.reg && target.item.reg->words > 1)
		rc = error_set(&inv->error, ERROR_USAGE, "bad-operand", "a range of bytes is needed");
	/* what follows is about places, not about what the map has there */
	target.item = (struct regmap_item){ 0 };
	if (rc == 0)
		rc = access_check_span(&access, &target, length, ACCESS_TEST, NULL, &inv->error);
	if (rc == 0)
		rc = run_test(inv, &target, length);
	registers_close(device, &access);
	return rc;
}
