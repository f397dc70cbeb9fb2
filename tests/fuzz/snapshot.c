// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshots of registers: read, compared, written and read back. */
#include "core/access/snapshot.h"
#include "tests/fuzz/fuzz.h"

static int put(void *data, const char *text, size_t length, struct error *error)
{
	(void)error;
	if (fwrite(text, 1, length, data) != length)
		abort();
	return 0;
}

static void must_be_same(void *data, enum snapshot_change change, const struct snapshot_entry *a,
			 const struct snapshot_entry *b)
{
	(void)data;
	/* a name that comes twice has but one that it is compared with */
	if ((change == SNAPSHOT_ONLY_A && b) || (change == SNAPSHOT_ONLY_B && a))
		abort();
}

/* As maps have names and this program has reasons; by hand, in quotes, there may be others, which are not written. */
static bool is_plain(const struct snapshot *snapshot)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.";

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct snapshot_entry *e = &snapshot->entries[i];

		if ((e->name && (!*e->name || e->name[strspn(e->name, plain)])) ||
		    (e->reason && strchr(e->reason, '\\')))
			return false;
	}
	return true;
}

/* What was read can be written, and that can be read. */
static void again(const struct snapshot *first)
{
	struct snapshot second = { .path = NULL };
	struct error error;
	size_t length;
	char *text;
	FILE *file = open_memstream(&text, &length);

	if (!file || snapshot_write(first, put, file, &error) < 0 || fclose(file) != 0)
		abort();
	if (snapshot_read(fuzz_file(1, text, length), &second, &error) < 0 || second.count != first->count)
		abort();
	snapshot_check_kind(first, &second, &error);
	snapshot_compare(first, &second, must_be_same, NULL);
	snapshot_free(&second);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot snapshot = { .path = NULL };
	struct error error;

	if (snapshot_read(fuzz_file(0, data, size), &snapshot, &error) == 0 && is_plain(&snapshot))
		again(&snapshot);
	snapshot_free(&snapshot);
	return 0;
}
