/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resets of a function by the kernel, which saves and restores its config space and tells its driver. Linux
 * Documentation/ABI/testing/sysfs-bus-pci: reset, reset_method.
 */
#ifndef PCIETOOL_RESET_H
#define PCIETOOL_RESET_H

/*
 * The methods that the kernel knows, in the order in which it tries them (pci_reset_fn_methods[] in Linux'
 * drivers/pci/pci.c), as METHOD(name, is it one of the function alone). A function's own resets leave the others
 * alone: PCIe 6.0 section 6.6.2, PCI Bus Power Management 1.2 section 5.4.
 */
#define RESET_METHODS(METHOD)                                                                                \
	METHOD(device_specific, false)                                                                       \
	METHOD(acpi, false)                                                                                  \
	METHOD(flr, true)                                                                                    \
	METHOD(af_flr, true)                                                                                 \
	METHOD(pm, true)                                                                                     \
	METHOD(bus, false)                                                                                   \
	METHOD(cxl_bus, false)

#include "core/pci/device.h"

#define RESET_METHODS_MAX 16
#define RESET_TEXT_SIZE 160

struct reset_methods {
	const char *reason; /* why they are not known (before Linux 5.15); NULL: they are */
	char text[RESET_TEXT_SIZE]; /* as the kernel has them */
	char words[RESET_TEXT_SIZE]; /* the same in pieces */
	const char *list[RESET_METHODS_MAX]; /* in the order in which they are tried; they point into WORDS */
	size_t count;
};

/* ERROR_UNSUPPORTED when the device has none. Points into itself: not to be copied. */
int reset_methods_read(const struct device *device, struct reset_methods *methods, struct error *error);

/*
 * May DEVICE be reset by METHOD (NULL: whichever works first)? One that it has not is ERROR_UNSUPPORTED; one that the
 * system uses is refused by name, as is another function that a reset of the bus would reset too.
 */
int reset_check(struct device *device, const struct reset_methods *methods, const char *method,
		struct error *error);

/*
 * Puts back the list of methods that a reset_run() by one METHOD has changed which was killed, as it noted in /run/pcietool
 * before; DRY_RUN: only looks. *WAS_LEFT: there is such a list, which nobody at work has changed.
 */
int reset_methods_restore(const struct device *device, bool dry_run, bool *was_left, struct error *error);

/*
 * Resets, puts the list of methods back, whatever happens, and waits until the device answers: *WAITED ns. ERROR_GONE
 * when it does not.
 */
int reset_run(struct device *device, const struct reset_methods *methods, const char *method,
	      uint64_t *waited, struct error *error);

#endif
