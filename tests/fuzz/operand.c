// SPDX-License-Identifier: GPL-2.0-or-later
/* Operands and numbers, as a command line has them. */
#include "core/base/number.h"
#include "core/base/operand.h"
#include "core/pci/select.h"
#include "tests/fuzz/fuzz.h"

static void numbers(const char *text)
{
	struct error error;
	unsigned int width;
	uint64_t value;

	number_parse(text, &value, &error);
	size_parse(text, &value, &error);
	duration_parse(text, &value, &error);
	width_parse(text, &width, &error);
}

static void selectors(const char *text)
{
	struct selector selector;
	struct error error;

	selector_init(&selector);
	selector_set_slot(&selector, text, &error);
	selector_set_id(&selector, text, &error);
	selector_set_default(&selector, text, &error);
}

static void calculate(const struct expression *expression)
{
	uint64_t names[EXPRESSION_NAMES] = { 3, 0, 1 };
	uint64_t value;

	expression_value(expression, names, &value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	char name[BUFFER_NAME_SIZE];
	struct condition condition;
	struct assign assign;
	struct range range;
	struct value value;
	struct error error;
	uint64_t length;
	uint64_t offset;
	struct ref ref;

	if (ref_parse(text, &ref, &error) == 0 && ref.has_expression)
		calculate(&ref.expression);
	range_parse(text, &range, &error);
	if (assign_parse(text, &assign, &error) == 0 && assign.value.is_expression)
		calculate(&assign.value.expression);
	condition_parse(text, &condition, &error);
	value_parse(text, &value, &error);
	buffer_range_parse(text, name, &offset, &length, &error);
	buffer_name_check(text, &error);
	numbers(text);
	selectors(text);
	free(text);
	return 0;
}
