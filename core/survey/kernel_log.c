// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of /dev/kmsg that are about PCI. */
#include "core/survey/kernel_log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/survey/privacy.h"
#include "core/kernel/sysfs.h"

#define LIMIT (1u << 20) /* of what is kept */
#define READ_LIMIT (64u << 20) /* of what is looked at: a log that grows while it is read must end */

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

static void take_line(struct text_buffer *text, char *line, bool serials)
{
	if (is_wanted(line, serials))
		text_buffer_format(text, "%s\n", line);
}

/* Complete lines are taken; the length of what is left of the last. */
static size_t take_lines(struct text_buffer *text, char *bytes, size_t length, bool serials)
{
	char *line = bytes;
	char *end;

	while ((end = memchr(line, '\n', length - (size_t)(line - bytes))) != NULL) {
		*end = '\0';
		take_line(text, line, serials);
		line = end + 1;
	}
	length -= (size_t)(line - bytes);
	memmove(bytes, line, length);
	return length;
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

int kernel_log_read(const struct context *ctx, bool serials, struct text_buffer *text)
{
	char bytes[16384]; /* a record has 8 KiB at most */
	size_t used = 0;
	size_t total = 0;
	int fd = sysfs_open(ctx, O_RDONLY | O_NONBLOCK, "/dev/kmsg");

	if (fd < 0)
		return fd;
	while (total < READ_LIMIT) {
		ssize_t n = read(fd, bytes + used, sizeof(bytes) - used - 1);

		/* EPIPE: records were overwritten meanwhile, it goes on with the next */
		if (n < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (n <= 0)
			break;
		total += (size_t)n;
		used = take_lines(text, bytes, used + (size_t)n, serials);
		if (used >= sizeof(bytes) / 2)
			used = 0; /* no line is that long */
		if (text->length > 4 * (size_t)LIMIT)
			keep_newest(text);
	}
	close(fd);
	if (used) {
		bytes[used] = '\0';
		take_line(text, bytes, serials);
	}
	keep_newest(text);
	return text->failed ? -ENOMEM : 0;
}
