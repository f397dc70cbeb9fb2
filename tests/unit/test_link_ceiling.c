// SPDX-License-Identifier: GPL-2.0-or-later
/* What a link could carry, against numbers that were computed by hand from the sizes in PCIe 6.0. */
#include "core/fabric/link_ceiling.h"

#include <string.h>

#include "tests/unit/tap.h"

/* Bytes a second; half of one may be lost to binary fractions. */
static bool is_near(double value, double expected)
{
	return value > expected - 0.5 && value < expected + 0.5;
}

static void check(struct tap *tap, const char *name, const struct link_ceiling_of *of, const char *encoding,
		  const struct link_ceiling *expected)
{
	struct link_ceiling c;

	link_ceiling_compute(of, &c);
	ok(tap, !c.reason && strcmp(c.encoding, encoding) == 0 && c.framing == expected->framing, "%s: %s",
	   name, encoding);
	ok(tap,
	   is_near(c.link, expected->link) && is_near(c.write, expected->write) &&
		   is_near(c.write_high, expected->write_high) && is_near(c.read, expected->read),
	   "%s: link %.1f, write %.1f or %.1f, read %.1f", name, c.link, c.write, c.write_high, c.read);
}

static void known(struct tap *tap)
{
	/* 2.5 Gbit/s, 8 of 10 bits: 250 MB/s; 128 of 128 + 12 + 8, or 16 + 8 */
	check(tap, "2.5 GT/s x1", &(struct link_ceiling_of){ 2.5, 1, false, 128, 512 }, "8b/10b",
	      &(struct link_ceiling){ .framing = 8,
				      .link = 250e6,
				      .write = 216216216,
				      .write_high = 210526316,
				      .read = 216216216 });
	check(tap, "5 GT/s x4, reads shorter than payloads",
	      &(struct link_ceiling_of){ 5, 4, false, 512, 128 }, "8b/10b",
	      &(struct link_ceiling){ .framing = 8,
				      .link = 2e9,
				      .write = 1924812030,
				      .write_high = 1910447761,
				      .read = 1729729730 });
	/* 8 Gbit/s, 128 of 130 bits, 8 lanes: 7876.923 MB/s; 256 of 276 */
	check(tap, "8 GT/s x8", &(struct link_ceiling_of){ 8, 8, false, 256, 512 }, "128b/130b",
	      &(struct link_ceiling){ .framing = 8,
				      .link = 7876923077,
				      .write = 7306131550,
				      .write_high = 7201758242,
				      .read = 7306131550 });
	/* the fastest without flits */
	check(tap, "32 GT/s x16", &(struct link_ceiling_of){ 32, 16, false, 4096, 4096 }, "128b/130b",
	      &(struct link_ceiling){ .framing = 8,
				      .link = 63015384615,
				      .write = 62709187411,
				      .write_high = 62648304705,
				      .read = 62709187411 });
	/* the same in flits: 236 of 256 bytes, no framing: 4096 of 4108 */
	check(tap, "32 GT/s x16 in flits", &(struct link_ceiling_of){ 32, 16, true, 4096, 4096 }, "128b/130b",
	      &(struct link_ceiling){ .framing = 0,
				      .link = 58092307692,
				      .write = 57922612538,
				      .write_high = 57866267585,
				      .read = 57922612538 });
	/* 64 Gbit/s a lane, 118 GB/s in packets; flits whether that is said or not */
	check(tap, "64 GT/s x16", &(struct link_ceiling_of){ 64, 16, false, 256, 4096 }, "1b/1b",
	      &(struct link_ceiling){ .framing = 0,
				      .link = 118e9,
				      .write = 112716417910,
				      .write_high = 111058823529,
				      .read = 112716417910 });
}

static void unknown(struct tap *tap)
{
	static const struct link_ceiling_of wrong[] = {
		{ 0, 4, false, 128, 512 },  { 8, 0, false, 128, 512 }, { 8, 4, false, 0, 512 },
		{ 8, 4, false, 8192, 512 }, { 8, 4, false, 128, 0 },   { 8, 4, false, 128, 16384 },
	};
	struct link_ceiling c;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		link_ceiling_compute(&wrong[i], &c);
		ok(tap, c.reason && c.link == 0 && c.write == 0, "nothing is made of what is not known: %s",
		   c.reason ? c.reason : "");
	}
}

int main(void)
{
	struct tap tap = { 0 };

	known(&tap);
	unknown(&tap);
	return tap_done(&tap);
}
