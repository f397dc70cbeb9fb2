// SPDX-License-Identifier: GPL-2.0-or-later
/* IOMMU groups as sysfs lists them. Knows no device that is open. */
#include "core/pci/iommu_group.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/kernel/sysfs.h"

#define GROUPS "/sys/kernel/iommu_groups"

int iommu_group_list(const struct context *ctx, unsigned int **numbers, size_t *count, struct error *error)
{
	int rc = sysfs_list_numbers(ctx, GROUPS, "", numbers, count);

	return rc < 0 ? error_errno(error, rc, "listing the IOMMU groups") : 0;
}

/* Addresses by their parts, and before other names. */
static int by_member(const void *a, const void *b)
{
	const struct iommu_member *one = a;
	const struct iommu_member *other = b;

	if (one->is_pci && other->is_pci)
		return pci_address_compare(&one->address, &other->address);
	if (one->is_pci != other->is_pci)
		return one->is_pci ? -1 : 1;
	return strcmp(one->name, other->name);
}

int iommu_group_members(const struct context *ctx, const char *group, struct iommu_member **members,
			size_t *count)
{
	struct iommu_member *list = NULL;
	struct dirent *entry;
	size_t n = 0;
	DIR *dir;
	int rc = 0;

	dir = sysfs_opendir(ctx, GROUPS "/%s/devices", group);
	if (!dir)
		return -errno;
	while (rc == 0 && (entry = readdir(dir))) {
		struct iommu_member *grown;

		if (entry->d_name[0] == '.')
			continue;
		grown = array_grow(list, n, sizeof(*list));
		if (!grown) {
			rc = -ENOMEM;
			break;
		}
		list = grown;
		list[n] = (struct iommu_member){ .is_pci = false };
		snprintf(list[n].name, sizeof(list[n].name), "%.63s", entry->d_name);
		list[n].is_pci = pci_address_parse(list[n].name, &list[n].address) == 0;
		n++;
	}
	closedir(dir);
	if (rc < 0) {
		free(list);
		return rc;
	}
	*members = list;
	*count = n;
	return 0;
}

static int read_members(const struct context *ctx, struct iommu_group *g)
{
	char text[16];
	int rc;

	snprintf(text, sizeof(text), "%u", g->number);
	rc = iommu_group_members(ctx, text, &g->members, &g->member_count);
	if (g->members && g->member_count)
		qsort(g->members, g->member_count, sizeof(*g->members), by_member);
	return rc;
}

/* "0x00000000fee00000 0x00000000feefffff msi", a line each */
static int read_regions(const struct context *ctx, struct iommu_group *g)
{
	struct iommu_region region;
	char text[4096];
	int rc;

	rc = sysfs_read(ctx, text, sizeof(text), GROUPS "/%u/reserved_regions", g->number);
	g->regions_reason = rc < 0 ? fact_reason(rc) : NULL;
	for (const char *line = text; rc == 0 && line && *line; line = strchr(line, '\n')) {
		struct iommu_region *regions;

		line += *line == '\n';
		if (sscanf(line, "%" SCNx64 " %" SCNx64 " %23s", &region.start, &region.end, region.type) !=
		    3)
			break;
		regions = array_grow(g->regions, g->region_count, sizeof(*regions));
		if (!regions)
			return -ENOMEM;
		g->regions = regions;
		regions[g->region_count++] = region;
	}
	return 0;
}

static void read_type(const struct context *ctx, unsigned int number, struct fact_text *type)
{
	int rc = sysfs_read(ctx, type->text, sizeof(type->text), GROUPS "/%u/type", number);

	type->reason = rc < 0 ? fact_reason(rc) : NULL;
}

int iommu_group_read(const struct context *ctx, unsigned int number, struct iommu_group *group,
		     struct error *error)
{
	struct iommu_group g = { .number = number };
	int rc;

	read_type(ctx, number, &g.type);
	rc = read_members(ctx, &g);
	if (rc == 0)
		rc = read_regions(ctx, &g);
	if (rc < 0) {
		iommu_group_free(&g);
		return error_errno(error, rc, "IOMMU group %u", number);
	}
	*group = g;
	return 0;
}

void iommu_group_free(struct iommu_group *group)
{
	free(group->members);
	free(group->regions);
	*group = (struct iommu_group){ .number = 0 };
}

void iommu_group_of(const struct context *ctx, const char *name, struct fact_number *group,
		    struct fact_text *type)
{
	unsigned int number = 0;
	char text[32];
	int rc = sysfs_link_name(ctx, text, sizeof(text), SYSFS_PCI_DEVICES "/%s/iommu_group", name);

	if (rc == 0 && !sysfs_name_number(text, "", &number))
		rc = -EINVAL;
	group->reason = rc == -ENOENT ? "none" : rc < 0 ? fact_reason(rc) : NULL;
	type->reason = group->reason;
	if (rc < 0)
		return;
	group->value = number;
	read_type(ctx, number, type);
}

const char *iommu_advice(const struct context *ctx)
{
	unsigned int *numbers = NULL;
	size_t count = 0;
	int rc = sysfs_list_numbers(ctx, GROUPS, "", &numbers, &count);

	free(numbers);
	if (rc == 0 && count)
		return "there is an IOMMU, with none of its groups for this: 'pcietool iommu show' shows them";
	return "turn the IOMMU (VT-d, AMD-Vi, SMMU) on in the firmware; Intel's also needs intel_iommu=on where "
	       "the kernel has it off by default";
}

const char *iommu_type_meaning(const char *type)
{
	static const char *const meanings[][2] = {
		{ "DMA", "translated" },
		{ "DMA-FQ", "translated, unmapped late" },
		{ "identity", "passed through, not protected" },
		{ "unmanaged", "in the hands of VFIO" },
		{ "blocked", "all DMA blocked" },
	};

	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (strcmp(meanings[i][0], type) == 0)
			return meanings[i][1];
	}
	return NULL;
}
