/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trace as something that does the same, or names the same: what it wrote, and what it waited for. */
#ifndef PCIETOOL_TRACE_EXPORT_H
#define PCIETOOL_TRACE_EXPORT_H

#include "core/base/text_buffer.h"
#include "core/trace/file.h"
#include "core/trace/names.h"

/*
 * A batch that runs, see `pcietool batch`: writes, waits for what a loop of polls saw, DMA memory and interrupts. Reads that
 * are no loop are left out. Bus addresses of the trace's DMA memory become @NAME, halves of them @NAME.lo and @NAME.hi. -ENOMEM.
 */
int trace_export_batch(const struct trace_file *file, const struct trace_step *steps, size_t count,
		       struct text_buffer *text);
/* A table for a driver, of registers only; comments say which values were such addresses. -ENOMEM. */
int trace_export_c(const struct trace_file *file, const struct trace_step *steps, size_t count,
		   struct text_buffer *text);
/* A text map (pcietool-map(5)) to begin with: each place in a BAR that was used, its width, and the bits that ever changed. -ENOMEM. */
int trace_export_map(const struct trace_file *file, struct text_buffer *text);
/*
 * A model of a twin, in Lua: what registers gave, in order, where that is not just what was written to them. They are called
 * as NAMES has them, or as in the map above. -ENOMEM.
 */
int trace_export_lua(const struct trace_file *file, const struct trace_names *names,
		     struct text_buffer *text);

/* What a place is called there. */
void trace_export_name(const struct trace_names *names, const struct trace_line *line, char *name,
		       size_t size);

#endif
