// SPDX-License-Identifier: GPL-2.0-or-later
/* SVD's arrays and lists: dim, dimIncrement, dimIndex and the %s in a name. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/regmap/svd.h"

static const char *skip_blanks(const char *text)
{
	while (*text == ' ')
		text++;
	return text;
}

/* The next word of a list "A,B,C"; NULL: it is none. *LIST is moved behind its comma, or to the end. */
static const char *list_word(const char **list, size_t *length)
{
	const char *word = skip_blanks(*list);
	size_t n = 0;

	while (isalnum((unsigned char)word[n]) || word[n] == '_')
		n++;
	*length = n;
	*list = skip_blanks(word + n);
	if (n == 0 || (**list && **list != ','))
		return NULL;
	if (**list)
		(*list)++;
	return word;
}

/* How many words a list has; 0: it is none. */
static uint64_t list_count(const char *list)
{
	uint64_t count = 1;
	size_t length;

	for (const char *comma = strchr(list, ','); comma; comma = strchr(comma + 1, ','))
		count++;
	for (uint64_t i = 0; i < count; i++) {
		if (!list_word(&list, &length))
			return 0;
	}
	return count;
}

/* "A-D" or "3-6". */
static bool scan_range(const char *text, struct svd_dim *dim, uint64_t *count)
{
	uint64_t last;

	if (isalpha((unsigned char)text[0]) && text[1] == '-' && isalpha((unsigned char)text[2]) &&
	    !text[3]) {
		dim->index = SVD_INDEX_LETTERS;
		dim->first = (unsigned char)text[0];
		last = (unsigned char)text[2];
	} else {
		int end = 0;

		if (!isdigit((unsigned char)text[0]) ||
		    sscanf(text, "%9" SCNu64 " - %9" SCNu64 "%n", &dim->first, &last, &end) < 2 || text[end])
			return false;
		dim->index = SVD_INDEX_NUMBERS;
	}
	*count = last - dim->first + 1;
	return last >= dim->first;
}

static uint64_t scan_index(const char *text, struct svd_dim *dim)
{
	uint64_t count = 0;

	if (scan_range(text, dim, &count))
		return count;
	dim->index = SVD_INDEX_LIST;
	dim->list = text;
	return list_count(text);
}

static int check_dim(struct svd *svd, struct svd_item *item, struct svd_dim *dim)
{
	uint64_t count = item->dim;
	uint64_t span;

	if (!(item->given & SVD_DIM_INCREMENT)) {
		svd_problem(svd, item, item->place, "dim without dimIncrement");
		return -EINVAL;
	}
	if (!strstr(item->name, "%s") && item->dim > 1) {
		svd_problem(svd, item, item->place, "dim is %" PRIu64 ", but there is no %%s in the name",
			    item->dim);
		return -EINVAL;
	}
	if (__builtin_mul_overflow(item->dim, item->dim_increment, &span)) {
		svd_problem(svd, item, item->place, "dim times dimIncrement does not fit 64 bits");
		return -EINVAL;
	}
	dim->index = SVD_INDEX_NUMBERS;
	if (item->dim_index)
		count = scan_index(item->dim_index, dim);
	if (count == 0)
		svd_problem(svd, item, item->place, "dimIndex '%.64s' is neither a list nor a range",
			    item->dim_index);
	else if (count != item->dim)
		svd_problem(svd, item, item->place, "dim is %" PRIu64 ", but dimIndex has %" PRIu64,
			    item->dim, count);
	return count && count == item->dim ? 0 : -EINVAL;
}

int svd_dim_start(struct svd *svd, struct svd_item *item, struct svd_dim *dim)
{
	*dim = (struct svd_dim){ .item = item, .count = 1 };
	if (item->given & SVD_DIM) {
		dim->count = item->dim;
		return check_dim(svd, item, dim);
	}
	if (strstr(item->name, "%s")) {
		svd_problem(svd, item, item->place, "there is a %%s in the name, but no dim");
		return -EINVAL;
	}
	return 0;
}

/* NAME with INDEX for each %s; too long: empty. */
static void put_index(char *text, const char *name, const char *index, size_t length)
{
	size_t used = 0;

	while (*name) {
		bool is_index = name[0] == '%';
		size_t n = is_index ? length : 1;

		if (used + n >= REGMAP_NAME_SIZE) {
			used = 0;
			break;
		}
		memcpy(text + used, is_index ? index : name, n);
		used += n;
		name += is_index ? 2 : 1;
	}
	text[used] = '\0';
}

bool svd_dim_next(struct svd_dim *dim, struct svd_instance *instance)
{
	char number[24] = "";
	const char *index = number;
	size_t length = 0;

	if (dim->next == dim->count)
		return false;
	if (dim->index == SVD_INDEX_LIST)
		index = list_word(&dim->list, &length);
	else if (dim->index == SVD_INDEX_LETTERS)
		length = (size_t)snprintf(number, sizeof(number), "%c", (int)(dim->first + dim->next));
	else if (dim->index == SVD_INDEX_NUMBERS)
		length = (size_t)snprintf(number, sizeof(number), "%" PRIu64, dim->first + dim->next);
	put_index(instance->name, dim->item->name, index, length);
	instance->offset = dim->next * dim->item->dim_increment;
	dim->next++;
	return true;
}
