// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/fabric/payload.h"

#include "core/pci/config_regs.h"
#include "core/pci/fact.h"

#define EXP_DEVICE_CAP 0x04 /* bits 2:0 what it could send */
#define EXP_DEVICE_CONTROL 0x08 /* bits 7:5 what it may send, 14:12 what it may ask for */

const char PAYLOAD_NOT_EXPRESS[] = "not PCI Express";

void payload_read(struct device *device, struct payload *payload)
{
	unsigned int offset = device_capability(device, CAPABILITY_PCIE, 0);
	struct fact_number beyond;
	struct fact_number cap;
	struct fact_number control;

	*payload = (struct payload){ 0 };
	if (!offset) {
		/* it has none, or the list of capabilities cannot be read, which is behind the header */
		fact_read_config(device, CONFIG_HEADER_SIZE, 8, &beyond);
		payload->reason = beyond.reason ? beyond.reason : PAYLOAD_NOT_EXPRESS;
		return;
	}
	fact_read_config(device, offset + EXP_DEVICE_CAP, 32, &cap);
	fact_read_config(device, offset + EXP_DEVICE_CONTROL, 16, &control);
	payload->reason = cap.reason ? cap.reason : control.reason;
	if (payload->reason)
		return;
	payload->possible = 128u << (cap.value & 7);
	payload->mps = 128u << (control.value >> 5 & 7);
	payload->mrrs = 128u << (control.value >> 12 & 7);
}
