/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `snapshot` writes; its options and its file are in snapshot.c. */
#ifndef PCIETOOL_SNAPSHOT_DOCUMENT_H
#define PCIETOOL_SNAPSHOT_DOCUMENT_H

#include "cli/writer.h"
#include "core/survey/survey.h"

/* The selected devices, as a document of JSON. */
void snapshot_document(struct writer *w, const struct context *ctx, const struct survey *survey);

#endif
