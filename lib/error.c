// SPDX-License-Identifier: GPL-2.0-or-later
/* The error record as an object. */
#include <stdlib.h>

#include "lib/internal.h"

/* The kinds are one contract, the exit statuses. */
_Static_assert((int)PCIETOOL_FAILED == (int)ERROR_FAILED && (int)PCIETOOL_DIFFERS == (int)ERROR_DIFFERS,
	       "kinds of errors");

struct pcietool_error *pcietool_error_new(void)
{
	return calloc(1, sizeof(struct pcietool_error));
}

void pcietool_error_free(struct pcietool_error *error)
{
	free(error);
}

enum pcietool_kind pcietool_error_kind(const struct pcietool_error *error)
{
	return (enum pcietool_kind)error->record.kind;
}

const char *pcietool_error_code(const struct pcietool_error *error)
{
	return error->record.code;
}

const char *pcietool_error_message(const struct pcietool_error *error)
{
	return error->record.message;
}

const char *pcietool_error_hint(const struct pcietool_error *error)
{
	return error->record.hint;
}
