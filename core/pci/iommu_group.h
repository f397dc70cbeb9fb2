/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IOMMU groups: the devices that no IOMMU can keep apart, how their DMA is treated, and the addresses that it cannot
 * have. Linux Documentation/ABI/testing/sysfs-kernel-iommu_groups
 */
#ifndef PCIETOOL_IOMMU_GROUP_H
#define PCIETOOL_IOMMU_GROUP_H

#include "core/pci/fact.h"

struct iommu_member {
	char name[64]; /* an address, or a platform device's name */
	bool is_pci;
	struct pci_address address;
};

struct iommu_region {
	uint64_t start;
	uint64_t end; /* its last byte */
	char type[24]; /* "direct", "reserved", "msi" */
};

struct iommu_group {
	unsigned int number;
	struct fact_text type; /* "DMA", "DMA-FQ", "identity", "unmanaged", "blocked" */
	size_t member_count;
	struct iommu_member *members; /* in order of name */
	const char *regions_reason; /* why they are unknown; NULL: they are known */
	size_t region_count;
	struct iommu_region *regions;
};

/* The numbers of all groups, rising. *NUMBERS is the caller's to free, also when *COUNT is 0: there is no IOMMU. */
int iommu_group_list(const struct context *ctx, unsigned int **numbers, size_t *count, struct error *error);

/*
 * The members of GROUP, "7", in the kernel's order; *MEMBERS is the caller's to free, also when *COUNT is 0. -errno, no
 * record.
 */
int iommu_group_members(const struct context *ctx, const char *group, struct iommu_member **members,
			size_t *count);

/* What GROUP holds is the caller's (iommu_group_free). */
int iommu_group_read(const struct context *ctx, unsigned int number, struct iommu_group *group,
		     struct error *error);
void iommu_group_free(struct iommu_group *group); /* accepts a zeroed one */

/* The device's group and its type; reason "none" without an IOMMU. */
void iommu_group_of(const struct context *ctx, const char *name, struct fact_number *group,
		    struct fact_text *type);

/*
 * What helps where a device is in no group: there is no IOMMU, or none for this device. Intel's is off unless the kernel was
 * built or told otherwise, the others are on (Linux Documentation/admin-guide/kernel-parameters.txt).
 */
const char *iommu_advice(const struct context *ctx);

/* What a type means, in a few words; NULL for one that is not known. */
const char *iommu_type_meaning(const char *type);

#endif
