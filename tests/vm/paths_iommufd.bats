# SPDX-License-Identifier: GPL-2.0-or-later
#
# VFIO by the device's own node and iommufd, which Debian's kernels have not.
#
# file: paths.bats
# qemu: -device intel-iommu,intremap=on -device edu
# append: intel_iommu=on
# each: BACKEND=vfio vfio-user
# kernel: iommufd
# timeout: 1500
