// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/aer_counters.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/fact.h"

#define FILE_SIZE 2048
#define TOTAL "total_err"

static const char *const files[] = {
	[AER_CORRECTABLE] = "aer_dev_correctable",
	[AER_NONFATAL] = "aer_dev_nonfatal",
	[AER_FATAL] = "aer_dev_fatal",
};

static const char *const root_files[] = {
	[AER_CORRECTABLE] = "aer_rootport_total_err_cor",
	[AER_NONFATAL] = "aer_rootport_total_err_nonfatal",
	[AER_FATAL] = "aer_rootport_total_err_fatal",
};

const char *aer_severity_name(enum aer_severity severity)
{
	static const char *const names[] = {
		[AER_CORRECTABLE] = "correctable",
		[AER_NONFATAL] = "nonfatal",
		[AER_FATAL] = "fatal",
	};

	return names[severity];
}

/* "RELAY_NUM Rollover" is relay_num_rollover, "BadTLP" is bad_tlp, "RxErr" rx_err, "ACSViol" acs_viol. */
static void normalize(const char *text, size_t length, char name[AER_NAME_SIZE])
{
	size_t used = 0;

	for (size_t i = 0; i < length && used < AER_NAME_SIZE - 2; i++) {
		unsigned char c = (unsigned char)text[i];
		bool starts = isupper(c) && i > 0 &&
			      (islower((unsigned char)text[i - 1]) ||
			       (isupper((unsigned char)text[i - 1]) && i + 1 < length &&
				islower((unsigned char)text[i + 1])));

		if (!isalnum(c)) {
			if (used && name[used - 1] != '_')
				name[used++] = '_';
			continue;
		}
		if (starts && used && name[used - 1] != '_')
			name[used++] = '_';
		name[used++] = (char)tolower(c);
	}
	name[used] = '\0';
}

/* "BadTLP 3": the last word is the number. */
static bool parse_line(const char *line, size_t length, struct aer_count *count)
{
	const char *end = line + length;
	const char *number = end;
	char *rest;

	while (number > line && isdigit((unsigned char)number[-1]))
		number--;
	if (number == end || number == line || number[-1] != ' ')
		return false;
	errno = 0;
	count->count = strtoull(number, &rest, 10);
	if (errno || rest != end)
		return false;
	normalize(line, (size_t)(number - 1 - line), count->name);
	return count->name[0] != '\0';
}

static void read_file(const struct device *device, const char *file, struct aer_counts *c)
{
	char text[FILE_SIZE];
	const char *line = text;
	int rc;

	rc = device_read_attribute(device, file, text, sizeof(text));
	if (rc < 0) {
		c->reason = rc == -ENOENT ? "the kernel does not count them" : fact_reason(rc);
		return;
	}
	while (*line) {
		size_t n = strcspn(line, "\n");
		struct aer_count count;

		if (parse_line(line, n, &count) && strncmp(count.name, TOTAL, strlen(TOTAL)) == 0)
			c->total = count.count;
		else if (parse_line(line, n, &count) && c->count < AER_TYPES_MAX)
			c->types[c->count++] = count;
		line += n + (line[n] == '\n');
	}
}

void aer_counters_read(const struct device *device, struct aer_counters *counters)
{
	memset(counters, 0, sizeof(*counters));
	for (unsigned int i = 0; i < AER_SEVERITIES; i++) {
		int rc;

		read_file(device, files[i], &counters->severity[i]);
		rc = device_read_number(device, root_files[i], &counters->root[i].count);
		if (rc < 0)
			counters->root[i].reason = rc == -ENOENT ? "no root port" : fact_reason(rc);
	}
}
