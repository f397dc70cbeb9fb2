// ==============================================================
// Vitis HLS - High-Level Synthesis from C, C++ and OpenCL
// ==============================================================
// control
// 0x00 : Control signals
//        bit 0  - ap_start (Read/Write/COH)
//        bit 1  - ap_done (Read/COR)
//        bit 2  - ap_idle (Read)
//        bit 3  - ap_ready (Read/COR)
//        bit 7  - auto_restart (Read/Write)
//        others - reserved
// 0x04 : Global Interrupt Enable Register
//        bit 0  - Global Interrupt Enable (Read/Write)
//        others - reserved
// 0x08 : IP Interrupt Enable Register (Read/Write)
//        bit 0  - Channel 0 (ap_done)
//        others - reserved
// 0x0c : IP Interrupt Status Register (Read/TOW)
//        bit 0  - Channel 0 (ap_done)
//        others - reserved
// 0x10 : Data signal of samples
//        bit 31~0 - samples[31:0] (Read/Write)
// 0x14 : Data signal of samples
//        bit 31~0 - samples[63:32] (Read/Write)
// 0x18 : reserved
// 0x1c : Data signal of gain
//        bit 15~0 - gain[15:0] (Read/Write)
//        others   - reserved
// 0x20 : reserved
// 0x24 : Data signal of peak
//        bit 31~0 - peak[31:0] (Read)
// 0x28 : Control signal of peak
//        bit 0  - peak_ap_vld (Read/COR)
//        others - reserved
// 0x40 ~
// 0x4f : Memory 'taps' (4 * 32b)
//        Word n : bit [31:0] - taps[n]
// (SC = Self Clear, COR = Clear on Read, TOW = Toggle on Write, COH = Clear on Handshake)

#define XSCALE_CONTROL_ADDR_AP_CTRL 0x00
// SPDX-License-Identifier: GPL-2.0-or-later
