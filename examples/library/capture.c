// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A capture by libpcietool, with a function that sees each block when it is in the file:
 *
 *     cc -o capture capture.c $(pkg-config --cflags --libs libpcietool)
 *     ./capture 10ec:8139 ../rtl8139.recipe frames.bin 1M
 */
#include <inttypes.h>
#include <pcietool.h>
#include <stdio.h>

static int show(void *data, const struct pcietool_block *block)
{
	(void)data;
	printf("block %" PRIu64 ": %" PRIu64 " bytes at %" PRIu64 ", %.3f ms\n", pcietool_block_number(block),
	       pcietool_block_length(block), pcietool_block_offset(block),
	       (double)pcietool_block_time(block) / 1e6);
	return 0;
}

int main(int argc, char **argv)
{
	struct pcietool_context *context = pcietool_context_new();
	struct pcietool_error *error = pcietool_error_new();
	struct pcietool_capture *capture = NULL;
	struct pcietool_device *device = NULL;
	uint64_t lost;
	int rc = -1;

	if (argc < 5 || !context || !error) {
		fprintf(stderr, "usage: %s SELECTOR RECIPE OUTPUT SIZE\n", argv[0]);
		goto out;
	}
	/* where the device is bound to vfio-pci, it is this program that opens it */
	rc = pcietool_context_set(context, "open-vfio", "1", error);
	if (rc == 0)
		rc = pcietool_device_open(context, argv[1], &device, error);
	if (rc == 0)
		rc = pcietool_capture_new(device, false, &capture, error);
	if (rc == 0)
		rc = pcietool_capture_recipe(capture, argv[2], error);
	if (rc == 0)
		rc = pcietool_capture_set(capture, "output", argv[3], error);
	if (rc == 0)
		rc = pcietool_capture_set(capture, "size", argv[4], error);
	if (rc == 0)
		rc = pcietool_capture_run(capture, show, NULL, error);
	if (rc == 0)
		printf("%" PRIu64 " bytes, %s\n", pcietool_capture_bytes(capture),
		       pcietool_capture_lost(capture, &lost) ? "losses are not known" : "nothing lost");
	if (rc < 0)
		fprintf(stderr, "%s\n", pcietool_error_message(error));
out:
	pcietool_capture_free(capture);
	pcietool_device_close(device);
	pcietool_context_free(context);
	pcietool_error_free(error);
	return rc < 0 ? 1 : 0;
}
