// SPDX-License-Identifier: GPL-2.0-or-later
/* `report`: all that somebody who helps asks for, in one archive. */
#include "cli/cmd/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/device.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "core/file/archive.h"
#include "core/survey/kernel_log.h"
#include "core/survey/privacy.h"
#include "core/kernel/sysfs.h"

#define COPY_LIMIT (8u << 20) /* bytes of a file of /proc */

/* What is in the archive, for the result. */
struct contents {
	struct archive *archive;
	const struct option_values *options;
	unsigned int count;
};

static void list_file(struct invocation *inv, const char *name, size_t length)
{
	writer_object(inv->out, NULL);
	writer_string(inv->out, "name", "", name);
	writer_size(inv->out, "size", " ", length);
	writer_line(inv->out);
	writer_end(inv->out);
}

/* BYTES are as they go out. */
static int add_masked(struct report *r, struct contents *c, const char *name, const char *bytes,
		      size_t length)
{
	char path[64];
	int rc = 0;

	snprintf(path, sizeof(path), "report/%s", name);
	if (c->archive)
		rc = archive_add(c->archive, path, bytes, length, &r->inv->error);
	c->count++;
	if (c->options->list)
		list_file(r->inv, name, length);
	return rc;
}

static int add(struct report *r, struct contents *c, const char *name, char *bytes, size_t length)
{
	privacy_mask_text(bytes, length, r->host);
	return add_masked(r, c, name, bytes, length);
}

struct written_part {
	struct report *report;
	const struct report_part *part;
};

static void write_part(struct writer *w, const void *data)
{
	const struct written_part *written = data;

	written->part->write(written->report, w);
}

static int add_part(struct report *r, struct contents *c, const struct report_part *part)
{
	const struct written_part written = { .report = r, .part = part };
	size_t length = 0;
	char *text;
	int rc;

	rc = writer_to_text(part->json, write_part, &written, &text, &length);
	if (rc < 0)
		return error_errno(&r->inv->error, rc, "%s", part->name);
	if (part->json)
		privacy_mask_json(text, length, r->host);
	else
		/* a byte of a dump is no host's name, though one may be called 10 */
		privacy_mask_text(text, length, part->is_dump ? NULL : r->host);
	rc = add_masked(r, c, part->name, text, length);
	free(text);
	return rc;
}

/* The whole of a file that the kernel makes while it is read. */
static int copy_file(struct report *r, const char *path, struct text_buffer *text)
{
	int fd = sysfs_open(&r->inv->ctx, O_RDONLY | O_NONBLOCK, "%s", path);
	char bytes[16384];
	ssize_t n = 0;

	if (fd < 0)
		return fd;
	while (text->length < COPY_LIMIT && (n = read(fd, bytes, sizeof(bytes))) > 0)
		text_buffer_add(text, bytes, (size_t)n);
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? (int)n : text->failed ? -ENOMEM : 0;
}

static int add_copies(struct report *r, struct contents *c)
{
	static const char *const files[][2] = {
		{ "lockdown.txt", "/sys/kernel/security/lockdown" },
		{ "interrupts.txt", "/proc/interrupts" },
		{ "iomem.txt", "/proc/iomem" },
		{ "ioports.txt", "/proc/ioports" },
		{ "modules.txt", "/proc/modules" },
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(files) / sizeof(files[0]); i++) {
		struct text_buffer text = { 0 };
		int failed = copy_file(r, files[i][1], &text);

		if (failed < 0)
			report_note(r, files[i][0], fact_reason(failed));
		else
			rc = add(r, c, files[i][0], text.bytes, text.length);
		text_buffer_free(&text);
	}
	return rc;
}

static int add_command_line(struct report *r, struct contents *c)
{
	struct text_buffer masked = { 0 };
	struct text_buffer text = { 0 };
	int failed = copy_file(r, "/proc/cmdline", &text);
	unsigned int left_out;
	int rc = 0;

	if (failed < 0) {
		report_note(r, "cmdline.txt", fact_reason(failed));
		goto out_free_text;
	}
	left_out = privacy_mask_command_line(text.bytes, text.length, &masked);
	if (left_out)
		report_note(r, "cmdline.txt",
			    "values that are not about PCI, interrupts, memory or power are left out");
	rc = masked.failed ? error_errno(&r->inv->error, -ENOMEM, "cmdline.txt")
			   : add(r, c, "cmdline.txt", masked.bytes, masked.length);
	text_buffer_free(&masked);
out_free_text:
	text_buffer_free(&text);
	return rc;
}

/* What is masked in all that follows. */
static void find_host(struct report *r)
{
	struct text_buffer text = { 0 };
	size_t n;

	if (copy_file(r, "/proc/sys/kernel/hostname", &text) == 0) {
		n = text.length && text.bytes[text.length - 1] == '\n' ? text.length - 1 : text.length;
		/* "localhost" tells nobody apart, and its letters are in other words */
		if (n > 0 && n < sizeof(r->host) && !(n == 9 && memcmp(text.bytes, "localhost", 9) == 0) &&
		    !(n == 6 && memcmp(text.bytes, "(none)", 6) == 0)) {
			memcpy(r->host, text.bytes, n);
			r->host[n] = '\0';
		}
	}
	text_buffer_free(&text);
}

static int add_log(struct report *r, struct contents *c)
{
	struct text_buffer text = { 0 };
	int failed = kernel_log_read(&r->inv->ctx, r->serials, &text);
	int rc = 0;

	if (failed < 0)
		report_note(r, "kernel_log.txt", fact_reason(failed));
	else
		rc = add(r, c, "kernel_log.txt", text.bytes, text.length);
	text_buffer_free(&text);
	return rc;
}

static int add_all(struct report *r, struct contents *c)
{
	int rc = 0;

	for (const struct report_part *part = report_parts; rc == 0 && part->name; part++) {
		rc = add_part(r, c, part);
		if (rc == 0 && signals_received())
			rc = error_set(&r->inv->error, ERROR_FAILED, "interrupted", "interrupted");
	}
	if (rc == 0)
		rc = add_command_line(r, c);
	if (rc == 0)
		rc = add_copies(r, c);
	if (rc == 0)
		rc = add_log(r, c);
	if (rc == 0)
		rc = add(r, c, "missing.txt", r->notes.bytes, r->notes.length);
	return rc;
}

/* *ARCHIVE NULL: it is only listed; also when it is in its place. */
static int fill_archive(struct report *r, struct archive **archive, unsigned int *count)
{
	struct contents c = { .archive = *archive, .options = &r->inv->options };
	int rc;

	rc = add_all(r, &c);
	if (rc == 0 && r->inv->lack)
		rc = error_errno(&r->inv->error, r->inv->lack, "report");
	*count = c.count;
	if (!c.archive || rc < 0)
		return rc;
	*archive = NULL;
	return archive_commit(c.archive, &r->inv->error);
}

static int write_report(struct invocation *inv, const struct survey *survey, struct archive **archive)
{
	const struct option_values *options = &inv->options;
	struct report r = { .inv = inv, .survey = survey, .serials = options->serial };
	unsigned int count = 0;
	int rc;

	if (names_open(&inv->ctx, &r.names) < 0)
		return error_errno(&inv->error, -ENOMEM, "names");
	find_host(&r);
	writer_document(inv->out, "report");
	if (options->list)
		writer_array(inv->out, "contents");
	rc = inv->dry_run && !options->list ? 0 : fill_archive(&r, archive, &count);
	if (options->list)
		writer_end(inv->out);
	names_close(r.names);
	text_buffer_free(&r.notes);
	if (rc < 0)
		return rc;
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	if (options->output)
		writer_string(inv->out, "file", inv->dry_run ? "would write " : "", options->output);
	else
		writer_null(inv->out, "file", "", "not written, without -o");
	if (inv->dry_run && !options->list)
		writer_null(inv->out, "files", NULL, "dry run");
	else
		writer_number(inv->out, "files", ": files ", count);
	writer_number(inv->out, "devices", ", devices ", survey->selected);
	writer_bool(inv->out, "serial_numbers", NULL, options->serial);
	writer_line(inv->out);
	writer_document_end(inv->out);
	return 0;
}

static int survey_and_write(struct invocation *inv, struct archive **archive)
{
	struct survey *survey;
	int rc;

	rc = survey_read(&inv->ctx, inv->selected ? &inv->selector : NULL, &survey, &inv->error);
	if (rc < 0)
		return rc;
	if (inv->selected && survey->selected == 0)
		rc = no_match(inv);
	else
		rc = write_report(inv, survey, archive);
	survey_free(survey);
	return rc;
}

static int run_report(struct invocation *inv)
{
	const struct option_values *options = &inv->options;
	struct archive *archive = NULL;
	int rc = 0;

	if ((!options->output && !options->list) ||
	    (options->output && (!*options->output || strcmp(options->output, "-") == 0))) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "a file to write to is needed");
		error_hint(&inv->error, "'pcietool report -o report.tar.gz'");
		return rc;
	}
	/* so that half an archive does not stay */
	signals_catch();
	if (options->output && inv->dry_run)
		rc = output_check(options->output, &inv->error);
	else if (options->output)
		rc = archive_open(options->output, time(NULL), &archive, &inv->error);
	if (rc == 0)
		rc = survey_and_write(inv, &archive);
	archive_abort(archive);
	return signals_end(inv, rc == 0, rc);
}

const struct command report_commands[] = {
	{
		.name = "report",
		.summary = "Put all that a helper asks for into one archive",
		.details =
			"A tar file with lists, config space, errors, the kernel's log of PCI and more; "
			"without serial numbers unless --serial says so, and without hardware addresses "
			"of networks, the machine's name, and what else the kernel's command line tells. As root, "
			"or much is missing (missing.txt says what). Wakes devices that sleep.",
		.options = TAKES(OPTION_ARCHIVE, OPTION_REPORT_LIST, OPTION_SERIAL),
		.all_by_default = true,
		.run = run_report,
	},
	{ 0 },
};
