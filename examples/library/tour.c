// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The README's tour by libpcietool, on QEMU's device edu that is bound to the helper or, as root, to vfio-pci:
 *
 *     cc -o tour tour.c $(pkg-config --cflags --libs libpcietool)
 *     ./tour 1234:11e8 ../edu.map
 */
#include <inttypes.h>
#include <pcietool.h>
#include <stdio.h>
#include <string.h>

/* bytes: the engine's own memory has 4 KiB, and QEMU 7.2 aborts at the end of it */
#define SIZE 2048
#define SECOND UINT64_C(1000000000)

static int transfer(struct pcietool_device *device, const char *source, const char *destination,
		    const char *command, struct pcietool_error *error)
{
	const char *const assigns[] = { source, destination, "DMA_COUNT=2048", command };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(assigns) / sizeof(assigns[0]); i++)
		rc = pcietool_regs_write(device, assigns[i], error);
	if (rc == 0)
		rc = pcietool_regs_wait(device, "DMA_CMD.START==0", 5 * SECOND, SECOND / 1000, NULL, error);
	return rc;
}

/* There and back, with an interrupt behind the first way. */
static int round_trip(struct pcietool_device *device, struct pcietool_buffer *tx, struct pcietool_buffer *rx,
		      struct pcietool_error *error)
{
	uint64_t before;
	uint64_t count;
	int rc;

	memset(pcietool_buffer_map(tx), 0x5a, SIZE);
	rc = pcietool_buffer_sync_for_device(tx, 0, SIZE, error);
	if (rc == 0)
		rc = pcietool_irq_count(device, 0, &before, error);
	if (rc == 0)
		rc = transfer(device, "DMA_SRC=@tour_tx", "DMA_DST=0x40000", "DMA_CMD=5", error);
	if (rc == 0)
		rc = pcietool_irq_wait(device, 0, before, 5 * SECOND, &count, error);
	if (rc == 0)
		rc = pcietool_regs_write(device, "IRQ_ACK=0x100", error);
	if (rc == 0)
		rc = transfer(device, "DMA_SRC=0x40000", "DMA_DST=@tour_rx", "DMA_CMD=3", error);
	if (rc == 0)
		rc = pcietool_buffer_sync_for_cpu(rx, 0, SIZE, error);
	if (rc == 0)
		printf("%" PRIu64 " interrupt, %s\n", count - before,
		       memcmp(pcietool_buffer_map(tx), pcietool_buffer_map(rx), SIZE) ? "DIFFERENT"
										      : "the same");
	return rc;
}

static int use_dma(struct pcietool_device *device, struct pcietool_error *error)
{
	struct pcietool_buffer *tx = NULL;
	struct pcietool_buffer *rx = NULL;
	int rc;

	rc = pcietool_irq_enable(device, "msi", 1, NULL, error);
	if (rc < 0)
		return rc;
	rc = pcietool_buffer_alloc(device, "tour_tx", SIZE, &tx, error);
	if (rc == 0)
		rc = pcietool_buffer_alloc(device, "tour_rx", SIZE, &rx, error);
	if (rc == 0)
		rc = pcietool_config_write(device, "COMMAND=4:4", error);
	if (rc == 0)
		rc = round_trip(device, tx, rx, error);
	/* whatever came: the device at rest, its memory given back; the first error is the one to be told */
	pcietool_config_write(device, "COMMAND=0:4", NULL);
	if (rx)
		pcietool_buffer_free(rx, NULL);
	if (tx)
		pcietool_buffer_free(tx, NULL);
	pcietool_buffer_close(rx);
	pcietool_buffer_close(tx);
	pcietool_irq_disable(device, NULL);
	return rc;
}

static int use_registers(struct pcietool_device *device, struct pcietool_error *error)
{
	struct pcietool_register *liveness;
	uint64_t value;
	int rc;

	rc = pcietool_regs_read(device, "ID.MAJOR", &value, error);
	if (rc < 0)
		return rc;
	printf("%s: version %" PRIu64 "\n", pcietool_device_address(device), value);
	rc = pcietool_register_open(device, "LIVENESS", &liveness, error);
	if (rc < 0)
		return rc;
	rc = pcietool_register_write(liveness, 0x12345678, error);
	if (rc == 0)
		rc = pcietool_register_read(liveness, &value, error);
	if (rc == 0)
		printf("0x%08" PRIx64 "\n", value);
	pcietool_register_close(liveness);
	return rc;
}

int main(int argc, char **argv)
{
	struct pcietool_context *context = pcietool_context_new();
	struct pcietool_error *error = pcietool_error_new();
	struct pcietool_device *device = NULL;
	int rc = -1;

	if (argc < 3 || !context || !error) {
		fprintf(stderr, "usage: %s SELECTOR MAP [OPTION VALUE]...\n", argv[0]);
		goto out;
	}
	rc = pcietool_context_set(context, "map", argv[2], error);
	for (int i = 3; rc == 0 && i + 1 < argc; i += 2)
		rc = pcietool_context_set(context, argv[i], argv[i + 1], error);
	if (rc == 0)
		rc = pcietool_device_open(context, argv[1], &device, error);
	if (rc == 0)
		rc = use_registers(device, error);
	if (rc == 0)
		rc = use_dma(device, error);
	if (rc < 0)
		fprintf(stderr, "%s\n%s%s", pcietool_error_message(error), pcietool_error_hint(error),
			*pcietool_error_hint(error) ? "\n" : "");
out:
	pcietool_device_close(device);
	pcietool_context_free(context);
	pcietool_error_free(error);
	return rc < 0 ? 1 : 0;
}
