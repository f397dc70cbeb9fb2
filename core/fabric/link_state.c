// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/fabric/link_state.h"

#include <stdlib.h>

#include "core/pci/config_regs.h"
#include "core/pci/fact.h"
#include "core/pci/power.h"

/* Registers of the PCI Express capability, PCIe 5.0 section 7.5.3 */
#define EXP_FLAGS 0x02 /* bits 7:4 the type of device or port */
#define EXP_LINK_CAP 0x0c /* bits 3:0 highest speed, 9:4 width */
#define EXP_LINK_STATUS 0x12 /* bits 3:0 speed, 9:4 width */
#define EXP_TYPE_RC_ENDPOINT 0x9
#define EXP_TYPE_RC_EVENT_COLLECTOR 0xa

const char LINK_STATE_NO_LINK[] = "no link";
const char LINK_STATE_NOT_EXPRESS[] = "not PCI Express";
const char LINK_STATE_SUSPENDED[] = "suspended";

/* "8.0 GT/s PCIe", "Unknown"; 0 when it is no number. */
static double parse_speed(const char *text)
{
	return text[0] >= '0' && text[0] <= '9' ? strtod(text, NULL) : 0;
}

/* A dump has no attributes, but config space. */
static void read_dump(const struct device *device, struct link_state *link)
{
	struct device *copy;
	struct error ignored;
	unsigned int offset = 0;

	*link = (struct link_state){ .reason = LINK_STATE_NOT_EXPRESS };
	if (device_open(device->ctx, &device->address, &copy, &ignored) == 0) {
		offset = device_capability(copy, CAPABILITY_PCIE, 0);
		if (offset)
			link_state_read_config(copy, offset, link);
		device_close(copy);
	}
}

void link_state_read(const struct device *device, struct link_state *link)
{
	struct fact_text speed;
	struct fact_text max_speed;
	struct fact_number width;
	struct fact_number max_width;

	if (device->ctx->dump) {
		read_dump(device, link);
		return;
	}
	if (power_is_asleep(device)) {
		link->reason = LINK_STATE_SUSPENDED;
		return;
	}
	fact_read_text(device, "current_link_speed", &speed);
	fact_read_text(device, "max_link_speed", &max_speed);
	fact_read_number(device, "current_link_width", &width);
	fact_read_number(device, "max_link_width", &max_width);
	/* the kernel gives these files to PCI Express devices only */
	if (speed.reason || width.reason) {
		link->reason = LINK_STATE_NOT_EXPRESS;
		return;
	}
	*link = (struct link_state){
		.speed = parse_speed(speed.text),
		.width = (unsigned int)width.value,
		.max_speed = max_speed.reason ? 0 : parse_speed(max_speed.text),
		/* 255 is the kernel's "unknown" */
		.max_width = max_width.reason || max_width.value == 255 ? 0 : (unsigned int)max_width.value,
	};
	if (link->speed == 0 || link->width == 0)
		link->reason = LINK_STATE_NO_LINK;
}

/* Each code is a bit of LnkCap2's speeds vector, PCIe 6.0 section 7.5.3.18 */
static double decode_speed(unsigned int code)
{
	static const double speeds[] = { 0, 2.5, 5, 8, 16, 32, 64, 128 };

	return code < sizeof(speeds) / sizeof(speeds[0]) ? speeds[code] : 0;
}

void link_state_read_config(struct device *device, unsigned int offset, struct link_state *link)
{
	struct fact_number flags;
	struct fact_number cap;
	struct fact_number status;
	unsigned int type;

	fact_read_config(device, offset + EXP_FLAGS, 16, &flags);
	fact_read_config(device, offset + EXP_LINK_CAP, 32, &cap);
	fact_read_config(device, offset + EXP_LINK_STATUS, 16, &status);
	link->reason = flags.reason ? flags.reason : cap.reason ? cap.reason : status.reason;
	if (link->reason)
		return;
	type = (unsigned int)flags.value >> 4 & 0xf;
	if (type == EXP_TYPE_RC_ENDPOINT || type == EXP_TYPE_RC_EVENT_COLLECTOR) {
		link->reason = "integrated in the root complex";
		return;
	}
	*link = (struct link_state){
		.speed = decode_speed((unsigned int)status.value & 0xf),
		.width = (unsigned int)status.value >> 4 & 0x3f,
		.max_speed = decode_speed((unsigned int)cap.value & 0xf),
		.max_width = (unsigned int)cap.value >> 4 & 0x3f,
	};
	if (link->speed == 0 || link->width == 0)
		link->reason = LINK_STATE_NO_LINK;
}

bool link_state_is_reduced(const struct link_state *link)
{
	return !link->reason && (link->speed < link->max_speed || link->width < link->max_width);
}
