/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One result, two forms. A command renders every field once; the text back end shows it for people, the
 * JSON back end as one streamed document (nothing is held as a tree).
 *
 * KEY is the JSON key, NULL inside an array. LABEL is what the text form puts before the value; NULL
 * leaves the field out of the text. Lines are the command's business: writer_line() ends one.
 *
 *     writer_document(w, "irq-list");
 *     writer_array(w, "vectors");
 *     writer_object(w, NULL);
 *     writer_number(w, "vector", "vector ", 0);        text: "vector 0 count 17\n"
 *     writer_number(w, "count", " count ", 17);        JSON: {"vector":0,"count":17}
 *     writer_line(w);
 *     writer_end(w);                                   ends the object, the array with another
 */
#ifndef PCIETOOL_WRITER_H
#define PCIETOOL_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/error.h"

struct table_column;
struct writer;

#define AMOUNT_SIZE 16

int writer_open(FILE *out, bool json, struct writer **writer); /* 0 or -ENOMEM */
/* Ends what is open, flushes. -errno when something could not be written (a full disk). */
int writer_close(struct writer *writer);
/*
 * What WRITE, called with DATA, writes, in memory: *TEXT, of *LENGTH bytes, is the caller's to free, also after a failure, when it
 * may be NULL.
 */
int writer_to_text(bool json, void (*write)(struct writer *writer, const void *data), const void *data,
		   char **text, size_t *length);
bool writer_is_json(const struct writer *writer);
bool writer_is_terminal(const struct writer *writer); /* text, that a person sees */

/*
 * Starts a document of "schema": "pcietool/NAME/N", with '-' for the space in a command's name. A command that gives a stream starts one a line,
 * each ended by writer_document_end().
 */
void writer_document(struct writer *writer, const char *name);
void writer_document_end(struct writer *writer);
/*
 * What there is of the open document is to be seen now: somebody watches, or another program writes to the same place. 0,
 * or the reason why nothing can be written, which is told at the end.
 */
int writer_flush(struct writer *writer);
/* N of the open document. From 2 on, keys that do not apply are left out. */
unsigned int writer_schema(const struct writer *writer);

/*
 * For a batch: the documents until writer_batch_line_end() are those of COMMAND in LINE, and go into documents of the
 * batch as "result"; when there is none, one with a null. Text: nothing.
 */
void writer_batch_line(struct writer *writer, unsigned int line, const char *command);
void writer_batch_line_end(struct writer *writer);

void writer_object(struct writer *writer, const char *key);
void writer_array(struct writer *writer, const char *key);
void writer_end(struct writer *writer); /* the innermost object or array */

void writer_string(struct writer *writer, const char *key, const char *label, const char *value);
void writer_number(struct writer *writer, const char *key, const char *label, uint64_t value);
/* text: as it is printed, milliseconds; JSON: six digits */
void writer_seconds(struct writer *writer, const char *key, const char *label, double seconds);
void writer_real(struct writer *writer, const char *key, const char *label, double value);
void writer_bool(struct writer *writer, const char *key, const char *label, bool value); /* text: yes, no */
/* "0x00ed", DIGITS wide, a string in JSON */
void writer_hex(struct writer *writer, const char *key, const char *label, uint64_t value, int digits);
/* the same without 0x in the text: ids as lspci shows them */
void writer_id(struct writer *writer, const char *key, const char *label, uint64_t value, int digits);
/* bytes; text: 4K, 1M, 100 */
void writer_size(struct writer *writer, const char *key, const char *label, uint64_t bytes);
/* The same, for an amount that changes as one looks: the text is rounded, 491.7M */
void writer_amount(struct writer *writer, const char *key, const char *label, uint64_t bytes);
void amount_format(uint64_t bytes, char text[AMOUNT_SIZE]);
/* JSON: null and "KEY_reason"; text: the reason */
void writer_null(struct writer *writer, const char *key, const char *label, const char *reason);

/*
 * LENGTH bytes that were read in accesses of WIDTH bits from OFFSET on. Text: hex and ASCII lines with
 * runs of equal lines as '*' unless ALL; JSON: an array of register values. May be called again with
 * the data that follows; writer_data_end() ends it (text: the closing offset line).
 */
void writer_data(struct writer *writer, const char *key, uint64_t offset, const void *data, size_t length,
		 unsigned int width, bool all);
void writer_data_end(struct writer *writer);

/* Only in the text form. */

/* What a text is for who looks at it. */
enum writer_tone {
	TONE_PLAIN,
	TONE_GOOD,
	TONE_WARNING,
	TONE_CRITICAL,
	TONES,
};

void writer_set_terminal(struct writer *writer,
			 int fd); /* whose width counts: behind a pager standard output is none */
void writer_color(struct writer *writer, bool color); /* whether tones are seen; off at first */
/* What is written until the next call is to be seen as that; a line ends it. Not in a table. */
void writer_tone(struct writer *writer, enum writer_tone tone);
void writer_text(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void writer_column(struct writer *writer, int column); /* fill the line with spaces up to COLUMN */
void writer_line(struct writer *writer);

/*
 * On a terminal, lines longer than it are broken at blanks, and what follows is moved in. Not while it is VERBATIM: the
 * text of a file.
 */
void writer_verbatim(struct writer *writer, bool verbatim);
/* The terminal's, from writer_document() on; 0: there is none, or it does not say, or it is JSON. */
unsigned int writer_width(const struct writer *writer);

/*
 * On a terminal: until writer_table_end() a line is a row of COLUMNS, and what is written goes into the cell that
 * writer_cell() named last, or nowhere after a NULL; blanks and commas around it are left out. False: there is no
 * terminal, or no library for it; then writer_cell() does nothing, and lines are lines.
 */
bool writer_table(struct writer *writer, const struct table_column *columns);
void writer_cell(struct writer *writer, const char *heading);
bool writer_is_table(const struct writer *writer);
void writer_table_end(struct writer *writer);

/* The "error" object, in the open document or in one of its own; JSON only. */
void writer_error(struct writer *writer, const char *name, const struct error *error);

#endif
