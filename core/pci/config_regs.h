/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few registers of config space that the core itself uses. PCI Local Bus 3.0 sections 6.1 and 6.2,
 * PCI Bus Power Management 1.2 section 3.2, PCIe 5.0 section 7.5.
 */
#ifndef PCIETOOL_CONFIG_REGS_H
#define PCIETOOL_CONFIG_REGS_H

#define CONFIG_HEADER_SIZE 64 /* what everybody may read */
#define CONFIG_EXTENDED 0x100 /* PCIe extended config space starts here */
#define CONFIG_SIZE 4096

#define CONFIG_VENDOR_ID 0x00
#define CONFIG_COMMAND 0x04
#define CONFIG_COMMAND_IO 0x0001
#define CONFIG_COMMAND_MEMORY 0x0002
#define CONFIG_COMMAND_MASTER 0x0004
#define CONFIG_COMMAND_INTX_DISABLE 0x0400
#define CONFIG_STATUS 0x06
#define CONFIG_STATUS_INTERRUPT 0x0008
#define CONFIG_STATUS_CAP_LIST 0x0010
#define CONFIG_REVISION 0x08 /* and the class above it */
#define CONFIG_BASE_ADDRESS_0 0x10
#define CONFIG_CAPABILITY_LIST 0x34

#define CAPABILITY_PM 0x01
#define CAPABILITY_MSI 0x05
#define CAPABILITY_PCIE 0x10
#define CAPABILITY_MSIX 0x11

#define PM_CONTROL 4 /* PMCSR, from the capability */
#define PM_CONTROL_STATE 0x0003 /* 0 D0 .. 3 D3hot */

#endif
