/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SVD files as programs here write them, and what is read from them: a map is shown as text, a line for each item: B block,
 * R register, F field, E value of it, ! problem with its line.
 */
#ifndef SVD_FILE_H
#define SVD_FILE_H

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mapfile/mapfile.h"
#include "tests/unit/show_map.h"
#include "tests/unit/tap.h"

/* --- maps as text ----------------------------------------------------------------------------- */

static void show_field(FILE *out, const struct regmap *map, const struct regmap_field *field)
{
	fprintf(out, "F %s [%u:%u]", field->name, field->lsb + field->bits - 1, field->lsb);
	show_behaviour(out, &field->behaviour);
	show_description(out, field->description);
	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		fprintf(out, "E %s", e->name);
		if (e->is_default)
			fprintf(out, " default");
		if (regmap_enum_has_value(field, e))
			fprintf(out, "=%" PRIu64, e->value);
		if (e->mask != UINT64_MAX)
			fprintf(out, " any:0x%" PRIx64, ~e->mask);
		fprintf(out, "%s%s", e->not_for_read ? " w" : "", e->not_for_write ? " r" : "");
		show_description(out, e->description);
	}
}

static void show_register(FILE *out, const struct regmap *map, const struct regmap_register *reg)
{
	const char *dot = strchr(reg->name, '.');

	fprintf(out, "R %s 0x%" PRIx64 " %u", reg->name, reg->address, reg->bits);
	if (reg->width != reg->bits)
		fprintf(out, "/%u", reg->width);
	show_behaviour(out, &reg->behaviour);
	if (reg->has_reset)
		fprintf(out, " reset:0x%" PRIx64 "&0x%" PRIx64, reg->reset_value, reg->reset_mask);
	if (reg->words != 1 || reg->word_bits != reg->bits || reg->block >= map->block_count || !dot ||
	    strcmp(reg->short_name, dot + 1) != 0)
		fprintf(out, " BROKEN");
	show_description(out, reg->description);
	for (uint32_t i = 0; i < reg->field_count; i++)
		show_field(out, map, regmap_field_at(map, reg, i));
}

static void show(FILE *out, const struct regmap *map)
{
	for (size_t i = 0; i < map->block_count; i++) {
		const struct regmap_block *block = &map->blocks[i];

		fprintf(out, "B %s 0x%" PRIx64 "+0x%" PRIx64, block->name, block->address, block->size);
		show_description(out, block->description);
	}
	for (size_t i = 0; i < map->register_count; i++)
		show_register(out, map, &map->registers[i]);
	for (size_t i = 0; i < map->problem_count && i < 10; i++)
		fprintf(out, "! %u: %s\n", regmap_line(map, map->problems[i].place),
			map->problems[i].message);
}

/* What of a map the test wants to see. */
static char *show_file(const char *path)
{
	struct error error = { 0 };
	struct regmap *map;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (regmap_load_anyhow(path, &map, &error) < 0) {
		fprintf(out, "error %d: %s\nhint: %s\n", error.kind, error.message, error.hint);
	} else {
		show(out, map);
		regmap_close(map);
	}
	fclose(out);
	return text;
}

static char *write_temp(const char *bytes, size_t length)
{
	char *path = strdup("/tmp/test-regmap-svd-XXXXXX");
	int fd = path ? mkstemp(path) : -1;

	if (fd < 0 || write(fd, bytes, length) != (ssize_t)length || close(fd) < 0)
		abort();
	return path;
}

static void comment(const char *what, const char *text)
{
	printf("# %s:\n", what);
	while (*text) {
		size_t n = strcspn(text, "\n");

		printf("#   %.*s\n", (int)n, text);
		text += n + (text[n] == '\n');
	}
}

static void expect_file(struct tap *tap, const char *title, const char *path, const char *expected)
{
	char *text = show_file(path);

	if (!ok(tap, strcmp(text, expected) == 0, "%s", title)) {
		comment("expected", expected);
		comment("got", text);
	}
	free(text);
}

static void expect_bytes(struct tap *tap, const char *title, const char *bytes, size_t length,
			 const char *expected)
{
	char *path = write_temp(bytes, length);

	expect_file(tap, title, path, expected);
	unlink(path);
	free(path);
}

struct example {
	const char *title;
	const char *svd; /* the whole file, or what is between <peripherals> and its end, from line 2 on */
	const char *expected;
};

static void expect_all(struct tap *tap, const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct example *e = &examples[i];
		bool whole = strncmp(e->svd, "<device", 7) == 0 || strncmp(e->svd, "<?xml", 5) == 0;
		char *text = NULL;
		int n = asprintf(&text, "%s%s%s", whole ? "" : "<device><name>T</name><peripherals>\n",
				 e->svd, whole ? "" : "</peripherals></device>\n");

		if (n < 0)
			abort();
		expect_bytes(tap, e->title, text, (size_t)n, e->expected);
		free(text);
	}
}

#define EXPECT_ALL(tap, examples) expect_all(tap, examples, sizeof(examples) / sizeof((examples)[0]))

/* The map of BYTES with all its problems; it must be possible. */
static struct regmap *load_bytes(const char *bytes, size_t length)
{
	char *path = write_temp(bytes, length);
	struct error error = { 0 };
	struct regmap *map;

	if (regmap_load_anyhow(path, &map, &error) < 0) {
		printf("Bail out! %s\n", error.message);
		exit(1);
	}
	unlink(path);
	free(path);
	return map;
}

/* --- words for the files ---------------------------------------------------------------------- */

#define DEVICE(defaults, peripherals)                                                                        \
	"<device>" defaults "<peripherals>\n" peripherals "</peripherals></device>"
#define BLOCK(name, base, body)                                                                              \
	"<peripheral><name>" name "</name><baseAddress>" base "</baseAddress>" body "</peripheral>\n"
#define COPY(from, name, base, body)                                                                         \
	"<peripheral derivedFrom='" from "'><name>" name "</name><baseAddress>" base "</baseAddress>" body   \
	"</peripheral>\n"
#define REGISTERS(body) "<registers>\n" body "</registers>"
#define U(body) BLOCK("U", "0x1000", REGISTERS(body))
#define REG(name, offset, body)                                                                              \
	"<register><name>" name "</name><addressOffset>" offset "</addressOffset>" body "</register>\n"
#define REG_COPY(from, name, offset, body)                                                                   \
	"<register derivedFrom='" from "'><name>" name "</name><addressOffset>" offset                       \
	"</addressOffset>" body "</register>\n"
#define CLUSTER(name, offset, body)                                                                          \
	"<cluster><name>" name "</name><addressOffset>" offset "</addressOffset>" body "</cluster>\n"
#define CLUSTER_COPY(from, name, offset, body)                                                               \
	"<cluster derivedFrom='" from "'><name>" name "</name><addressOffset>" offset                        \
	"</addressOffset>" body "</cluster>\n"
#define FIELDS(body) "<fields>" body "</fields>"
#define FIELD(name, range, body)                                                                             \
	"<field><name>" name "</name><bitRange>" range "</bitRange>" body "</field>\n"
#define FIELD_AS(name, body) "<field><name>" name "</name>" body "</field>\n"
#define FIELD_COPY(from, name, body) "<field derivedFrom='" from "'><name>" name "</name>" body "</field>\n"
#define VALUES(body) "<enumeratedValues>" body "</enumeratedValues>"
#define VALUES_COPY(from, body) "<enumeratedValues derivedFrom='" from "'>" body "</enumeratedValues>"
#define VALUE(name, value)                                                                                   \
	"<enumeratedValue><name>" name "</name><value>" value "</value></enumeratedValue>\n"
#define DIM(count, increment) "<dim>" count "</dim><dimIncrement>" increment "</dimIncrement>"
#define INDEX(index) "<dimIndex>" index "</dimIndex>"
#define ACCESS(word) "<access>" word "</access>"
#define ON_READ(word) "<readAction>" word "</readAction>"
#define ON_WRITE(word) "<modifiedWriteValues>" word "</modifiedWriteValues>"
#define CONSTRAINT(body) "<writeConstraint>" body "</writeConstraint>"
#define SIZE(bits) "<size>" bits "</size>"
#define RESET(value, mask) "<resetValue>" value "</resetValue><resetMask>" mask "</resetMask>"

#define B_U "B U 0x1000+0x0\n"

#endif
