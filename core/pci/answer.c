// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/pci/answer.h"

#include <linux/pci_regs.h>
#include <time.h>

#include "core/base/clock.h"

/* What a vendor id reads as while the device asks to try again later: PCIe 6.0 section 2.3.2 */
#define VENDOR_RETRY 0x0001

#define PAUSE_NS 10000000

void answer_pause(void)
{
	struct timespec pause = { .tv_nsec = PAUSE_NS };

	nanosleep(&pause, NULL);
}

static bool answers(struct device *device)
{
	struct error ignored;
	uint32_t vendor;

	return device_is_present(device) &&
	       device_config_read(device, PCI_VENDOR_ID, 16, &vendor, &ignored) == 0 &&
	       vendor != VENDOR_RETRY;
}

int answer_wait(struct device *device, uint64_t timeout, struct error *error)
{
	uint64_t start = clock_ns();

	while (!answers(device)) {
		if (clock_ns() - start >= timeout)
			return device_gone(device, error);
		answer_pause();
	}
	return 0;
}
