// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said for all queues, as part of what each is asked for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/capture/queues.h"

/* FROM's behind TO's; the texts that both point to are FROM's owner's. */
static int append(struct capture_assigns *to, const struct capture_assigns *from, struct error *error)
{
	struct assign *list;
	struct capture_wait *waits;

	list = reallocarray(to->list, to->count + from->count + 1, sizeof(*list));
	if (!list)
		return error_errno(error, -ENOMEM, "a queue");
	to->list = list;
	waits = reallocarray(to->waits, to->wait_count + from->wait_count + 1, sizeof(*waits));
	if (!waits)
		return error_errno(error, -ENOMEM, "a queue");
	to->waits = waits;
	for (size_t i = 0; i < from->wait_count; i++) {
		waits[to->wait_count] = from->waits[i];
		waits[to->wait_count++].before += to->count;
	}
	for (size_t i = 0; i < from->count; i++)
		list[to->count++] = from->list[i];
	return 0;
}

int capture_queue_config(const struct capture_config *common, bool is_first, struct capture_config *config,
			 struct error *error)
{
	int rc = 0;

	*config = *common;
	memset(config->hooks, 0, sizeof(config->hooks));
	config->texts = NULL;
	config->text_count = 0;
	for (int i = 0; i < CAPTURE_HOOKS && rc == 0; i++) {
		bool is_once = i == CAPTURE_SETUP || i == CAPTURE_STOP;

		if (i != CAPTURE_START && (is_first || !is_once))
			rc = append(&config->hooks[i], &common->hooks[i], error);
	}
	return rc;
}

int capture_queue_failed(const char *name, int rc, struct error *error)
{
	const size_t most = 100;
	size_t length = strlen(name);
	char why[sizeof(error->message)];

	/* of a path its end */
	memcpy(why, error->message, sizeof(why));
	snprintf(error->message, sizeof(error->message), "%s: %.400s",
		 name + (length > most ? length - most : 0), why);
	return rc;
}

int capture_queue_start(const struct capture_config *common, struct capture_config *config,
			struct error *error)
{
	return append(&config->hooks[CAPTURE_START], &common->hooks[CAPTURE_START], error);
}
