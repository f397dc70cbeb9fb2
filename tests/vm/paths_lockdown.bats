# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every way to a device in a kernel that is locked down: VFIO does all of it, the others say why they cannot.
#
# file: paths.bats
# qemu: -device intel-iommu,intremap=on -device edu
# append: intel_iommu=on lockdown=integrity
# each: BACKEND=helper vfio vfio-user uio sysfs devmem
# kernel: 6.12
# timeout: 1500
