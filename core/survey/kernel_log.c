// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of /dev/kmsg that are about PCI. */
#include "core/survey/kernel_log.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/kernel/kmsg.h"
#include "core/survey/privacy.h"

#define LIMIT (1u << 20) /* of what is kept */

static size_t hex_digits(const char *s)
{
	return strspn(s, "0123456789abcdefABCDEF");
}

/*
 * "0000:01:00.0", with nothing before or behind that would make it something else. What a driver, or AER in its name,
 * says of a device need not have the word PCI in it.
 */
static bool has_address(const char *line)
{
	bool starts = true;

	for (const char *p = line; *p; p++) {
		size_t domain = starts ? hex_digits(p) : 0;
		const char *s = p + domain;

		starts = !isalnum((unsigned char)*p) && *p != ':';
		if (domain < 4 || domain > 8 || *s != ':' || hex_digits(s + 1) != 2 || s[3] != ':' ||
		    hex_digits(s + 4) != 2 || s[6] != '.' || s[7] < '0' || s[7] > '7')
			continue;
		if (!isalnum((unsigned char)s[8]) && s[8] != '.')
			return true;
	}
	return false;
}

static bool is_wanted(const char *line, bool serials)
{
	static const char *const words[] = { "pci", "aer", "dpc:", "iommu", "dmar", "amd-vi", "vfio" };

	/* a line with a blank in front is about the one before, for programs */
	if (line[0] == ' ' || (!serials && privacy_is_serial(line)) || privacy_is_command_line(line))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasestr(line, words[i]))
			return true;
	}
	return has_address(line);
}

static void keep_newest(struct text_buffer *text)
{
	const char *start;

	if (text->length <= LIMIT)
		return;
	start = memchr(text->bytes + text->length - LIMIT, '\n', LIMIT);
	if (!start)
		return;
	text->length -= (size_t)(start + 1 - text->bytes);
	memmove(text->bytes, start + 1, text->length);
}

struct taking {
	struct text_buffer *text;
	bool serials;
};

static int take_line(void *data, char *line)
{
	const struct taking *t = data;

	if (is_wanted(line, t->serials))
		text_buffer_format(t->text, "%s\n", line);
	if (t->text->length > 4 * (size_t)LIMIT)
		keep_newest(t->text);
	return 0;
}

int kernel_log_read(const struct context *ctx, bool serials, struct text_buffer *text)
{
	struct taking taking = { .text = text, .serials = serials };
	int rc = kmsg_read(ctx, take_line, &taking);

	if (rc < 0)
		return rc;
	keep_newest(text);
	return text->failed ? -ENOMEM : 0;
}
