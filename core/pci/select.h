/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which device is meant: lspci's -s and -d grammars, and the addresses that match them. */
#ifndef PCIETOOL_SELECT_H
#define PCIETOOL_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/context.h"
#include "core/base/error.h"
#include "core/pci/address.h"

#define SELECT_ANY (-1)
#define SELECT_NAME_SIZE 512

struct selector {
	bool has_slot;
	int64_t domain; /* each a number or SELECT_ANY */
	int bus;
	int device;
	int function;
	bool has_id;
	int vendor_id;
	int device_id;
	uint32_t class_code; /* class, subclass, programming interface */
	uint32_t class_mask; /* which bits of it count */
	int uio; /* the number of a UIO device, and nothing else; SELECT_ANY */
	char name[SELECT_NAME_SIZE]; /* what the kernel calls it, until selector_resolve(); empty: none */
};

void selector_init(struct selector *selector); /* matches every device */
/*
 * [[[DOMAIN:]BUS:]DEV][.FUNC], hexadecimal, any part empty or '*' for any; "0" is a device, "0:" a bus. Or a name of
 * the kernel's (core/pci/kernel_name.h).
 */
int selector_set_slot(struct selector *selector, const char *text, struct error *error);
/* [VENDOR]:[DEVICE][:CLASS[:PROGIF]], hexadecimal, any part empty or '*', a class may hold 'x' digits */
int selector_set_id(struct selector *selector, const char *text, struct error *error);
/* Puts the address in the place of a name; nothing to do where there is none. Errors of kernel_name_resolve(). */
int selector_resolve(const struct context *ctx, struct selector *selector, struct error *error);
/*
 * The one address that it means in a file, where it need not be there: a domain that is not said is 0. False where a part of it
 * is open.
 */
bool selector_file_address(const struct selector *selector, struct pci_address *address);
/* In one word, as PCIETOOL_DEVICE and programs have it: a slot when it holds a dot or is a name of the kernel's, otherwise an id. */
int selector_set_default(struct selector *selector, const char *text, struct error *error);

/* Is a device with this address and these ids meant, wherever they are from? CLASS_CODE has 24 bits. */
bool selector_matches(const struct selector *selector, const struct pci_address *address, uint32_t vendor,
		      uint32_t device, uint32_t class_code);

/*
 * All that match, in order of address. *LIST is the caller's to free, also when *COUNT is 0. A full
 * address looks at that one device only.
 */
int selector_list(const struct context *ctx, const struct selector *selector, struct pci_address **list,
		  size_t *count, struct error *error);

/* ERROR_SELECT, with what was looked for as -s and -d write it: "no device matches 0000:01:00.0 and 10ee:*". */
int selector_no_match(const struct selector *selector, struct error *error);

/* The only one that matches; none or several is ERROR_SELECT with the candidates in the hint. */
int selector_one(const struct context *ctx, const struct selector *selector, struct pci_address *address,
		 struct error *error);

#endif
