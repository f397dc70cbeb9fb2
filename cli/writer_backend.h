/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two forms of output implement; see writer.h for what each call means. */
#ifndef PCIETOOL_WRITER_BACKEND_H
#define PCIETOOL_WRITER_BACKEND_H

#include <errno.h>

#include "cli/table.h"
#include "cli/writer.h"
#include "core/base/text_buffer.h"

enum writer_container { WRITER_OBJECT, WRITER_ARRAY };

struct writer_ops {
	void (*document)(struct writer *writer, const char *name);
	void (*document_end)(struct writer *writer);
	void (*begin)(struct writer *writer, const char *key, enum writer_container container);
	void (*end)(struct writer *writer, enum writer_container container);
	/* TEXT for people, VALUE for programs, which is put in quotes (and escaped) when QUOTED. */
	void (*scalar)(struct writer *writer, const char *key, const char *label, const char *text,
		       const char *value, bool quoted);
	void (*data)(struct writer *writer, const char *key, uint64_t offset, const void *data, size_t length,
		     unsigned int width, bool all);
	/* text only: in JSON it is an array as any other */
	void (*data_end)(struct writer *writer);
};

#define WRITER_DEPTH 16

struct writer {
	const struct writer_ops *ops;
	bool json;
	FILE *out;
	int terminal; /* the descriptor that says how wide it is */
	bool is_terminal; /* text: OUT is one, which is asked once and not for each line of a batch */
	int error; /* first -errno of the output */
	bool in_document;
	unsigned int schema; /* the number of the document's */
	int depth; /* open containers below the document */
	enum writer_container open[WRITER_DEPTH];
	bool has_items[WRITER_DEPTH + 1]; /* JSON: whether a comma comes next */
	int column; /* text: where the line stands */
	bool has_color; /* text */
	enum writer_tone tone; /* text: what is written now */

	/* text on a terminal: its columns, 0 when they are not known; the line so far */
	unsigned int width;
	bool is_verbatim;
	struct text_buffer pending;

	/* JSON: what goes out next, at the end of the document at the latest */
	char run[2048];
	size_t run_length;

	/* the table that is written, NULL: none; the column that comes next, -1: none */
	struct table *table;
	const struct table_column *columns;
	struct text_buffer cells[TABLE_COLUMNS];
	int cell;

	/* the line of a batch; COMMAND is NULL outside of one */
	const char *command;
	unsigned int line_number;
	bool is_answered; /* it has a document already */

	/* the data that is being written */
	bool in_data;
	bool repeated; /* text: a '*' stands for the last line */
	uint64_t data_end_offset;
	unsigned int line_length; /* bytes of it that are filled */
	unsigned char line[16];
	uint64_t line_offset;
	unsigned char previous[16];
	bool has_previous;
	unsigned int data_width;
	bool data_all;
};

extern const struct writer_ops writer_text_ops;
extern const struct writer_ops writer_json_ops;

/* What there is of a line, out; the text form's. */
void writer_text_flush(struct writer *writer);
/* What there is of a document, out; the JSON form's. */
void writer_json_flush(struct writer *writer);

/* Writes to the output and remembers the first failure. */
static inline void writer_put(struct writer *w, const char *bytes, size_t length)
{
	if (length == 0 || w->error)
		return;
	/* one thread: the stream's lock is a third of the cost of a short string */
	if (fwrite_unlocked(bytes, 1, length, w->out) != length)
		w->error = errno ? -errno : -EIO;
}

#endif
