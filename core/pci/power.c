// SPDX-License-Identifier: GPL-2.0-or-later
/* Runtime power management, and waiting until a device answers. */
#include "core/pci/power.h"

#include <linux/pci_regs.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/pci/attribute.h"
#include "core/pci/capability.h"

const char POWER_SUSPENDED[] = "suspended";

static bool is(const struct fact_text *fact, const char *text)
{
	return !fact->reason && strcmp(fact->text, text) == 0;
}

void power_state_read(const struct device *device, struct power_state *s)
{
	fact_read_text(device, "power_state", &s->state);
	fact_read_text(device, "power/runtime_status", &s->runtime_status);
	fact_read_text(device, "power/control", &s->control);
	fact_read_number(device, "d3cold_allowed", &s->d3cold_allowed);
}

bool power_is_asleep(const struct device *device)
{
	struct fact_text status;

	if (device->ctx->wake || device->ctx->dump)
		return false;
	fact_read_text(device, "power/runtime_status", &status);
	return is(&status, "suspended");
}

int power_control_check(const struct device *device, struct error *error)
{
	int rc;

	if (attribute_exists(device, "power/control"))
		return 0;
	rc = attribute_check_device(device, error);
	if (rc < 0)
		return rc;
	return error_set(error, ERROR_UNSUPPORTED, "no-runtime-pm",
			 "%s: this kernel has no runtime power management for it", device->name);
}

int power_control_set(const struct device *device, const char *control, struct error *error)
{
	int rc = power_control_check(device, error);

	return rc == 0 ? attribute_write(device, "power/control", control, error) : rc;
}

/* What the device itself says; 0 when it has no such register. Only once the kernel has it awake. */
static unsigned int read_pmcsr_state(struct device *device)
{
	const struct capability_place pm = capability_place_read(device, false, PCI_CAP_ID_PM);
	struct fact_number control;

	capability_read(device, &pm, PCI_PM_CTRL, 16, &control);
	return control.reason ? 0 : (unsigned int)control.value & PCI_PM_CTRL_STATE_MASK;
}

bool power_is_in_d3(struct device *device)
{
	struct fact_text state;

	fact_read_text(device, "power_state", &state);
	return is(&state, "D3hot") || is(&state, "D3cold") || read_pmcsr_state(device) == 3;
}

/* Is it awake, as far as the kernel and its own PMCSR say? */
static bool power_is_on(struct device *device, const struct power_state *s)
{
	if (is(&s->runtime_status, "suspended") || is(&s->runtime_status, "resuming") ||
	    is(&s->runtime_status, "suspending"))
		return false;
	/* before Linux 5.13 there is no power_state */
	if (!s->state.reason && !is(&s->state, "D0") && !is(&s->state, "unknown"))
		return false;
	return device_is_present(device) && read_pmcsr_state(device) == 0;
}

static int timed_out(struct device *device, const struct power_state *s, struct error *error)
{
	int rc;

	if (is(&s->runtime_status, "error")) {
		rc = error_set(error, ERROR_FAILED, "resume-failed", "%s: the kernel could not wake it up",
			       device->name);
		error_hint(error, "the kernel log says why: 'dmesg | tail'");
		return rc;
	}
	if (!device_is_present(device))
		return device_gone(device, error);
	rc = error_set(error, ERROR_TIMEOUT, "timeout", "%s: it is not in D0 (power state %s, PMCSR D%u)",
		       device->name, s->state.reason ? s->state.reason : s->state.text,
		       read_pmcsr_state(device));
	/* before it is enabled for the first time, Linux 6.1 does not know */
	if (is(&s->state, "D0") || is(&s->state, "unknown"))
		error_hint(error,
			   "somebody wrote PMCSR behind the kernel's back; 'pcietool -s %s reset', or remove "
			   "and rescan",
			   device->name);
	return rc;
}

int power_wait_on(struct device *device, uint64_t timeout, bool (*stopped)(void *data), void *data,
		  uint64_t *waited, struct error *error)
{
	uint64_t start = clock_ns();
	struct power_state state;

	for (;;) {
		power_state_read(device, &state);
		if (power_is_on(device, &state))
			break;
		if (stopped && stopped(data))
			return error_set(error, ERROR_FAILED, "interrupted", "interrupted");
		if (clock_ns() - start >= timeout)
			return timed_out(device, &state, error);
		device_wait_pause();
	}
	*waited = clock_ns() - start;
	return 0;
}

/* --- does it answer again? ----------------------------------------------------------------------- */

/* What a vendor id reads as while the device asks to try again later: PCIe 6.0 section 2.3.2 */
#define VENDOR_RETRY 0x0001

#define PAUSE_NS 10000000

void device_wait_pause(void)
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

int device_wait(struct device *device, uint64_t timeout, struct error *error)
{
	uint64_t start = clock_ns();

	while (!answers(device)) {
		if (clock_ns() - start >= timeout)
			return device_gone(device, error);
		device_wait_pause();
	}
	return 0;
}
