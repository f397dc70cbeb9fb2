// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * regmap_load FILE: what it costs to load an SVD file, against expat reading the same text with nobody listening.
 * Prints both in milliseconds, the best of several runs that take turns, and their ratio.
 */
#include <dlfcn.h>
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/mapfile/mapfile.h"

#define RUNS 15

struct expat {
	__typeof__(XML_ParserCreate) *create;
	__typeof__(XML_Parse) *parse;
	__typeof__(XML_ParserFree) *destroy;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static char *read_file(const char *path, size_t *length)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	long size;

	if (f && fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) > 0 && fseek(f, 0, SEEK_SET) == 0 &&
	    (text = malloc((size_t)size)))
		*length = fread(text, 1, (size_t)size, f);
	if (f)
		fclose(f);
	return text;
}

static double bare(const struct expat *expat, const char *text, size_t length)
{
	double start = now_ms();
	XML_Parser parser = expat->create(NULL);

	if (!parser || expat->parse(parser, text, (int)length, XML_TRUE) != XML_STATUS_OK) {
		fprintf(stderr, "regmap_load: expat does not take it\n");
		exit(1);
	}
	expat->destroy(parser);
	return now_ms() - start;
}

static double load(const char *path, size_t *registers)
{
	struct error error = { 0 };
	double start = now_ms();
	struct regmap *map;
	double took;

	if (regmap_load(NULL, path, &map, &error) < 0) {
		fprintf(stderr, "regmap_load: %s\n", error.message);
		exit(1);
	}
	took = now_ms() - start;
	*registers = map->register_count;
	regmap_close(map);
	return took;
}

int main(int argc, char **argv)
{
	void *library = dlopen("libexpat.so.1", RTLD_NOW);
	double best[2] = { 1e9, 1e9 };
	struct expat expat;
	size_t registers;
	size_t length = 0;
	char *text;

	if (argc != 2 || !library || !(text = read_file(argv[1], &length))) {
		fprintf(stderr, "usage: regmap_load FILE\n");
		return 2;
	}
	*(void **)&expat.create = dlsym(library, "XML_ParserCreate");
	*(void **)&expat.parse = dlsym(library, "XML_Parse");
	*(void **)&expat.destroy = dlsym(library, "XML_ParserFree");
	for (unsigned int i = 0; i < RUNS; i++) {
		double one = bare(&expat, text, length);
		double other = load(argv[1], &registers);

		best[0] = one < best[0] ? one : best[0];
		best[1] = other < best[1] ? other : best[1];
	}
	printf("%zu registers, %zu bytes: expat alone %.1f ms, regmap_load %.1f ms, ratio %.2f\n", registers,
	       length, best[0], best[1], best[1] / best[0]);
	free(text);
	dlclose(library);
	return 0;
}
