// SPDX-License-Identifier: GPL-2.0-or-later
/* SVD files: what each construction expands to. What each fault is called: test_regmap_svd_faults.c. */
#include "tests/unit/svd_file.h"

/* --- what is understood ----------------------------------------------------------------------- */

static const struct example texts[] = {
	{ "numbers: decimal, hex, binary with # and 0b, a sign, zeros in front, scales",
	  U(REG("A", "010", "") REG("B", "0x1F", "") REG("C", "0X1f", "") REG("D", "#101", "")
		    REG("E", "0b110", "") REG("F", "+4", "") REG("G", "1k", "") REG("H", "0x2M", "")
			    REG("I", "1G", "") REG("J", "1t", "") REG("K", "+0x8", "")),
	  B_U "R U.A 0x100a 32 ?\nR U.B 0x101f 32 ?\nR U.C 0x101f 32 ?\nR U.D 0x1005 32 ?\n"
	      "R U.E 0x1006 32 ?\nR U.F 0x1004 32 ?\nR U.G 0x1400 32 ?\nR U.H 0x201000 32 ?\n"
	      "R U.I 0x40001000 32 ?\nR U.J 0x10000001000 32 ?\nR U.K 0x1008 32 ?\n" },
	{ "blanks around texts are cut, runs of them inside become one",
	  U(REG(" A \n", "\t0x4 ",
		"<description>\n  Two\n\t words &amp; <!-- not this --> a <![CDATA[<third>]]>  "
		"</description>")),
	  B_U "R U.A 0x1004 32 ? 'Two words & a <third>'\n" },
	{ "an element in a text is not part of the text",
	  U(REG("A", "0", "<description>one <b>two <i>three</i></b>four</description>")),
	  B_U "R U.A 0x1000 32 ? 'one four'\n" },
	{ "an empty description is none", U(REG("A", "0", "<description> </description>")),
	  B_U "R U.A 0x1000 32 ?\n" },
	{ "an encoding that is not UTF-8",
	  "<?xml version='1.0' encoding='ISO-8859-1'?>" DEVICE(
		  "", U(REG("A", "0", "<description>\xb5s</description>"))),
	  B_U "R U.A 0x1000 32 ? '\xc2\xb5s'\n" },
	{ "what does not matter is skipped, with all names and registers in it",
	  BLOCK("U", "0x1000",
		"<groupName>G</groupName><version>1</version><headerStructName>X</headerStructName>"
		"<alternatePeripheral>Y</alternatePeripheral>"
		"<interrupt><name>IRQ</name><description>no</description><value>5</value></interrupt>"
		"<vendorExtensions><name>no</name><registers>" REG(
			"NO", "0",
			"") "</registers></vendorExtensions>" REGISTERS(REG("A", "0",
									    "<displayName>Z</"
									    "displayName><alternateGroup>G</"
									    "alternateGroup>"
									    "<alternateRegister>B</"
									    "alternateRegister><dataType>"
									    "uint8_t</dataType>"
									    "<protection>s</"
									    "protection><unknown><"
									    "addressOffset>8</"
									    "addressOffset></unknown>"))),
	  B_U "R U.A 0x1000 32 ?\n" },
	{ "the CPU is skipped",
	  DEVICE("<vendor>V</vendor><cpu><name>CM0</name><access>read-only</access></cpu>",
		 U(REG("A", "0", ""))),
	  B_U "R U.A 0x1000 32 ?\n" },
	{ "a device without peripherals is an empty map", "<device><name>T</name></device>", "" },
};

static const struct example defaults[] = {
	{ "size, access and reset come from the device, the peripheral, the cluster, the register",
	  DEVICE(SIZE("8") ACCESS("read-only") RESET("0x11", "0xff"),
		 U(REG("A", "0", "")) BLOCK(
			 "V", "0x2000",
			 SIZE("16") ACCESS("read-write") "<resetValue>0x1234</resetValue>" REGISTERS(
				 REG("A", "0", "") CLUSTER(
					 "C", "0x10",
					 ACCESS("write-only") SIZE("64") "<resetMask>1</resetMask>" REG(
						 "A", "0", "") REG("B", "8", SIZE("32") RESET("5", "7")))))),
	  B_U "B V 0x2000+0x0\nR U.A 0x1000 8 read-only reset:0x11&0xff\n"
	      "R V.A 0x2000 16 read-write reset:0x1234&0xff\n"
	      "R V.C.A 0x2010 64 write-only reset:0x1234&0x1\n"
	      "R V.C.B 0x2018 32 write-only reset:0x5&0x7\n" },
	{ "no reset mask: all bits; a value that is too long for the register is cut",
	  DEVICE("<resetValue>0x12345678</resetValue>",
		 U(REG("A", "0", SIZE("8")) REG("B", "4", SIZE("64")))),
	  B_U "R U.A 0x1000 8 ? reset:0x78&0xff\nR U.B 0x1004 64 ? reset:0x12345678&0xffffffffffffffff\n" },
	{ "a reset mask alone is no reset", U(REG("A", "0", "<resetMask>1</resetMask>")),
	  B_U "R U.A 0x1000 32 ?\n" },
	{ "odd sizes are reached with the next larger access",
	  U(REG("A", "0", SIZE("1")) REG("B", "0", SIZE("9")) REG("C", "0", SIZE("24"))
		    REG("D", "0", SIZE("33")) REG("E", "0", SIZE("0x40"))),
	  B_U "R U.A 0x1000 1/8 ?\nR U.B 0x1000 9/16 ?\nR U.C 0x1000 24/32 ?\nR U.D 0x1000 33/64 ?\n"
	      "R U.E 0x1000 64 ?\n" },
	{ "without any size it is the device's width", DEVICE("<width>16</width>", U(REG("A", "0", ""))),
	  B_U "R U.A 0x1000 16 ?\n" },
	{ "a block is as large as the end of its address blocks",
	  BLOCK("U", "0x1000",
		"<description>Serial</description>"
		"<addressBlock><offset>0x100</offset><size>0x20</size><usage>registers</usage></addressBlock>"
		"<addressBlock><offset>0</offset><size>0x10</size><usage>buffer</usage></addressBlock>"),
	  "B U 0x1000+0x120 'Serial'\n" },
	{ "all kinds of access",
	  U(REG("A", "0", ACCESS("read-only")) REG("B", "4", ACCESS("write-only"))
		    REG("C", "8", ACCESS("read-write")) REG("D", "12", ACCESS("writeOnce"))
			    REG("E", "16", ACCESS("read-writeOnce"))),
	  B_U "R U.A 0x1000 32 read-only\nR U.B 0x1004 32 write-only\nR U.C 0x1008 32 read-write\n"
	      "R U.D 0x100c 32 writeOnce\nR U.E 0x1010 32 read-writeOnce\n" },
};

static const struct example fields[] = {
	{ "the three ways to say where a field is",
	  U(REG("A", "0",
		FIELDS(FIELD_AS("W", "<bitOffset>4</bitOffset><bitWidth>0x3</bitWidth>")
			       FIELD_AS("L", "<lsb>8</lsb><msb>15</msb>") FIELD("P", "[31:16]", "")
				       FIELD("Q", " [ 3 : 3 ] ", "")))),
	  B_U "R U.A 0x1000 32 ?\nF Q [3:3] ?\nF W [6:4] ?\nF L [15:8] ?\nF P [31:16] ?\n" },
	{ "all three at once, where they agree",
	  U(REG("A", "0",
		FIELDS(FIELD("W", "[6:4]",
			     "<msb>6</msb><lsb>4</lsb><bitOffset>4</bitOffset><bitWidth>3</bitWidth>")))),
	  B_U "R U.A 0x1000 32 ?\nF W [6:4] ?\n" },
	{ "fields are in the order of their bits; views of the same bits in that of the file",
	  U(REG("A", "0",
		FIELDS(FIELD("C", "[2:2]", "") FIELD("R", "[1:1]", ACCESS("read-only"))
			       FIELD("W", "[1:1]", ACCESS("write-only")) FIELD("A", "[0:0]", "")))),
	  B_U "R U.A 0x1000 32 ?\nF A [0:0] ?\nF R [1:1] read-only\nF W [1:1] write-only\nF C [2:2] ?\n" },
	{ "a field of all 64 bits", U(REG("A", "0", SIZE("64") FIELDS(FIELD("ALL", "[63:0]", "")))),
	  B_U "R U.A 0x1000 64 ?\nF ALL [63:0] ?\n" },
	{ "what a field does not say is its register's",
	  U(REG("A", "0",
		ACCESS("read-only") ON_READ("clear") ON_WRITE("oneToClear")
			CONSTRAINT("<writeAsRead>true</writeAsRead>")
				FIELDS(FIELD("ALL", "[0:0]", "") FIELD(
					"NONE", "[1:1]",
					ACCESS("read-write") ON_READ("modifyExternal") ON_WRITE("modify")
						CONSTRAINT("<useEnumeratedValues>1</useEnumeratedValues>"))
					       FIELD("FREE", "[2:2]",
						     CONSTRAINT("<writeAsRead>false</writeAsRead>"))))),
	  B_U "R U.A 0x1000 32 read-only read:clear write:oneToClear as-read\n"
	      "F ALL [0:0] read-only read:clear write:oneToClear as-read\n"
	      "F NONE [1:1] read-write read:modifyExternal enum-only\n"
	      "F FREE [2:2] read-only read:clear write:oneToClear\n" },
	{ "a register's range is that of a field only if the field is all of it",
	  U(REG("A", "0",
		CONSTRAINT("<range><minimum>1</minimum><maximum>0x10</maximum></range>")
			FIELDS(FIELD("ALL", "[31:0]", "") FIELD("PART", "[7:0]", "")))
		    REG("B", "4",
			FIELDS(FIELD("F", "[7:0]",
				     CONSTRAINT(
					     "<range><minimum>2</minimum><maximum>3</maximum></range>"))))),
	  B_U "R U.A 0x1000 32 ? range=1..16\nF ALL [31:0] ? range=1..16\nF PART [7:0] ?\n"
	      "R U.B 0x1004 32 ?\nF F [7:0] ? range=2..3\n" },
	{ "all effects of reading and writing",
	  U(REG("A", "0", ON_READ("set") ON_WRITE("oneToSet")) REG(
		  "B", "0", ON_READ("modify") ON_WRITE("oneToToggle")) REG("C", "0", ON_WRITE("zeroToClear"))
		    REG("D", "0", ON_WRITE("zeroToSet")) REG("E", "0", ON_WRITE("zeroToToggle"))
			    REG("F", "0", ON_WRITE("clear")) REG("G", "0", ON_WRITE("set"))),
	  B_U "R U.A 0x1000 32 ? read:set write:oneToSet\nR U.B 0x1000 32 ? read:modify write:oneToToggle\n"
	      "R U.C 0x1000 32 ? write:zeroToClear\nR U.D 0x1000 32 ? write:zeroToSet\n"
	      "R U.E 0x1000 32 ? write:zeroToToggle\nR U.F 0x1000 32 ? write:clear\n"
	      "R U.G 0x1000 32 ? write:set\n" },
};

#define MODE VALUES("<name>Mode</name>" VALUE("OFF", "0") VALUE("ON", "1"))

static const struct example enums[] = {
	{ "values: decimal, hex, binary, bits that do not matter, the default",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[3:0]",
			     VALUES(VALUE("A", "1") VALUE("B", "0xA") VALUE("C", "#0010") VALUE("D", "0b11")
					    VALUE("E", "#1x0X") VALUE(
						    "1ST", "+3") "<enumeratedValue><name>REST</"
								 "name><description>All\n other"
								 "</description><isDefault>true</isDefault>"
								 "</enumeratedValue>"))))),
	  B_U "R U.A 0x1000 32 ?\nF M [3:0] ?\nE A=1\nE B=10\nE C=2\nE D=3\nE E=8 any:0x5\nE 1ST=3\n"
	      "E REST default 'All other'\n" },
	{ "isDefault false is a value; with a value that does not fit only the default",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[0:0]",
			     VALUES("<enumeratedValue><name>A</name><value>1</value><isDefault>0</isDefault>"
				    "</enumeratedValue><enumeratedValue><name>B</name><value>9</value>"
				    "<isDefault>1</isDefault></enumeratedValue>"))))),
	  B_U "R U.A 0x1000 32 ?\nF M [0:0] ?\nE A=1\nE B default\n" },
	{ "isDefault with a value has both",
	  U(REG("A", "0",
		FIELDS(FIELD(
			"M",
			"[1:0]",
			VALUES("<enumeratedValue><name>A</name><value>2</value><isDefault>true</isDefault>"
			       "</enumeratedValue>" VALUE("B", "1")))))),
	  B_U "R U.A 0x1000 32 ?\nF M [1:0] ?\nE A default=2\nE B=1\n" },
	{ "names for reading and others for writing",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[0:0]",
			     VALUES("<name>R</name><usage>read</usage>" VALUE("IDLE", "0") VALUE("BUSY", "1"))
				     VALUES("<usage>write</usage>" VALUE("START", "1"))
					     VALUES("<usage>read-write</usage>" VALUE("BOTH", "1")))))),
	  B_U "R U.A 0x1000 32 ?\nF M [0:0] ?\nE IDLE=0 r\nE BUSY=1 r\nE START=1 w\nE BOTH=1\n" },
	{ "derived from another field's in the same register before those of others",
	  U(REG("X", "0", FIELDS(FIELD("N", "[0:0]", VALUES("<name>Mode</name>" VALUE("NO", "1"))))) REG(
		  "A", "4", FIELDS(FIELD("M", "[0:0]", MODE) FIELD("N", "[1:1]", VALUES_COPY("Mode", ""))))),
	  B_U "R U.X 0x1000 32 ?\nF N [0:0] ?\nE NO=1\n"
	      "R U.A 0x1004 32 ?\nF M [0:0] ?\nE OFF=0\nE ON=1\nF N [1:1] ?\nE OFF=0\nE ON=1\n" },
	{ "derived by a path, from further behind, from another peripheral",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[0:0]", VALUES_COPY("V.C.B.M.Mode", "")) FIELD("N", "[1:1]",
										  VALUES_COPY("B.M.Mode", ""))
			       FIELD("O", "[2:2]", VALUES_COPY("P.Here", ""))
				       FIELD("P", "[3:3]", VALUES("<name>Here</name>" VALUE("X", "1")))))
		    REG("B", "4",
			FIELDS(FIELD("M", "[0:0]", VALUES("<name>Mode</name>" VALUE("NEAR", "1"))))))
		  BLOCK("V", "0",
			REGISTERS(CLUSTER("C", "0", REG("B", "0", FIELDS(FIELD("M", "[0:0]", MODE)))))),
	  B_U "B V 0x0+0x0\nR U.A 0x1000 32 ?\nF M [0:0] ?\nE OFF=0\nE ON=1\nF N [1:1] ?\nE NEAR=1\n"
	      "F O [2:2] ?\nE X=1\nF P [3:3] ?\nE X=1\nR U.B 0x1004 32 ?\nF M [0:0] ?\nE NEAR=1\n"
	      "R V.C.B 0x0 32 ?\nF M [0:0] ?\nE OFF=0\nE ON=1\n" },
	{ "derived, for another usage; derived, with another value for one name and one more",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[1:0]", MODE)
			       FIELD("N", "[3:2]", VALUES_COPY("Mode", "<usage>write</usage>"))
				       FIELD("O", "[5:4]",
					     VALUES_COPY("Mode", VALUE("ON", "2") VALUE("AUTO", "3")))))),
	  B_U "R U.A 0x1000 32 ?\nF M [1:0] ?\nE OFF=0\nE ON=1\nF N [3:2] ?\nE OFF=0 w\nE ON=1 w\n"
	      "F O [5:4] ?\nE OFF=0\nE ON=2\nE AUTO=3\n" },
	{ "two enumeratedValues of which one is derived",
	  U(REG("A", "0",
		FIELDS(FIELD("M", "[0:0]", VALUES("<name>R</name><usage>read</usage>" VALUE("BUSY", "1")))
			       FIELD("N", "[1:1]",
				     VALUES_COPY("R", "") VALUES("<usage>write</usage>" VALUE("GO", "1")))))),
	  B_U "R U.A 0x1000 32 ?\nF M [0:0] ?\nE BUSY=1 r\nF N [1:1] ?\nE BUSY=1 r\nE GO=1 w\n" },
};

static const struct example dims[] = {
	{ "an array, and lists: counted, letters, numbers, words",
	  U(REG("A[%s]", "0", DIM("2", "4")) REG("B%s", "0x10", DIM("2", "8")) REG(
		  "C%s_X", "0x20", DIM("3", "4") INDEX("A-C")) REG("D%s", "0x30", DIM("2", "4") INDEX("3-4"))
		    REG("E_%s", "0x40", DIM("3", "0x4") INDEX("RX, TX,\n 7")) REG(
			    "F[%s]", "0x50", DIM("2", "4") INDEX("4 - 5")) REG("G", "0x60", DIM("1", "4"))),
	  B_U "R U.A[0] 0x1000 32 ?\nR U.A[1] 0x1004 32 ?\nR U.B0 0x1010 32 ?\nR U.B1 0x1018 32 ?\n"
	      "R U.CA_X 0x1020 32 ?\nR U.CB_X 0x1024 32 ?\nR U.CC_X 0x1028 32 ?\nR U.D3 0x1030 32 ?\n"
	      "R U.D4 0x1034 32 ?\nR U.E_RX 0x1040 32 ?\nR U.E_TX 0x1044 32 ?\nR U.E_7 0x1048 32 ?\n"
	      "R U.F[4] 0x1050 32 ?\nR U.F[5] 0x1054 32 ?\nR U.G 0x1060 32 ?\n" },
	{ "clusters in clusters, all with dim",
	  U(CLUSTER("CH[%s]", "0x100",
		    DIM("2", "0x40") "<dimName>ch_t</dimName>" REG("CTRL", "0", "") CLUSTER(
			    "Q%s", "0x10", DIM("2", "8") INDEX("A,B") REG("R%s", "0", DIM("2", "4"))))),
	  B_U "R U.CH[0].CTRL 0x1100 32 ?\nR U.CH[0].QA.R0 0x1110 32 ?\nR U.CH[0].QA.R1 0x1114 32 ?\n"
	      "R U.CH[0].QB.R0 0x1118 32 ?\nR U.CH[0].QB.R1 0x111c 32 ?\n"
	      "R U.CH[1].CTRL 0x1140 32 ?\nR U.CH[1].QA.R0 0x1150 32 ?\nR U.CH[1].QA.R1 0x1154 32 ?\n"
	      "R U.CH[1].QB.R0 0x1158 32 ?\nR U.CH[1].QB.R1 0x115c 32 ?\n" },
	{ "peripherals with dim are blocks",
	  BLOCK("T%s", "0x1000",
		DIM("2", "0x400") INDEX("1-2") "<addressBlock><offset>0</offset><size>16</size></"
					       "addressBlock>" REGISTERS(REG("CTRL", "4", ""))),
	  "B T1 0x1000+0x10\nB T2 0x1400+0x10\nR T1.CTRL 0x1004 32 ?\nR T2.CTRL 0x1404 32 ?\n" },
	{ "a field's dimIncrement is in bits",
	  U(REG("A", "0",
		FIELDS(FIELD_AS("EN%s", DIM("3", "2") "<bitOffset>1</bitOffset><bitWidth>1</bitWidth>") FIELD(
			"LOW", "[0:0]", "") FIELD("M%s", "[17:16]", DIM("2", "4") INDEX("A-B"))))),
	  B_U "R U.A 0x1000 32 ?\nF LOW [0:0] ?\nF EN0 [1:1] ?\nF EN1 [3:3] ?\nF EN2 [5:5] ?\n"
	      "F MA [17:16] ?\nF MB [21:20] ?\n" },
	{ "an increment of 0: names for the same register", U(REG("A%s", "0", DIM("2", "0"))),
	  B_U "R U.A0 0x1000 32 ?\nR U.A1 0x1000 32 ?\n" },
};

#define A_AND_B REGISTERS(REG("A", "0", SIZE("8")) REG("B", "4", ""))

static const struct example derived[] = {
	{ "a peripheral from one further behind: registers, size, address blocks, description",
	  COPY("U", "V", "0x2000", "")
		  BLOCK("U", "0x1000",
			"<description>Serial</description>" SIZE("16") ACCESS("read-only") A_AND_B
			"<addressBlock><offset>0</offset><size>16</size></addressBlock>"),
	  "B V 0x2000+0x10 'Serial'\nB U 0x1000+0x10 'Serial'\nR V.A 0x2000 8 read-only\n"
	  "R V.B 0x2004 16 read-only\nR U.A 0x1000 8 read-only\nR U.B 0x1004 16 read-only\n" },
	{ "own elements win; own registers come behind the others, or instead of one",
	  BLOCK("U", "0x1000", "<description>Serial</description>" SIZE("16") A_AND_B)
		  COPY("U", "V", "0x2000",
		       "<description>Other</description>" SIZE("64")
			       REGISTERS(REG("C", "8", "") REG("A", "12", ACCESS("read-only")))),
	  "B U 0x1000+0x0 'Serial'\nB V 0x2000+0x0 'Other'\nR U.A 0x1000 8 ?\nR U.B 0x1004 16 ?\n"
	  "R V.B 0x2004 64 ?\nR V.C 0x2008 64 ?\nR V.A 0x200c 64 read-only\n" },
	{ "over several levels",
	  COPY("V", "W", "0x3000", REGISTERS(REG("C", "8", ""))) COPY("U", "V", "0x2000", SIZE("64"))
		  BLOCK("U", "0x1000", A_AND_B),
	  "B W 0x3000+0x0\nB V 0x2000+0x0\nB U 0x1000+0x0\nR W.A 0x3000 8 ?\nR W.B 0x3004 64 ?\n"
	  "R W.C 0x3008 64 ?\nR V.A 0x2000 8 ?\nR V.B 0x2004 64 ?\nR U.A 0x1000 8 ?\nR U.B 0x1004 32 ?\n" },
	{ "a register: all but what it says itself; its scope's defaults are its own",
	  DEVICE(SIZE("16") ACCESS("read-write"),
		 U(REG("A", "0",
		       "<description>One</description>" ON_READ("clear") RESET("5", "0xf") ON_WRITE("set")
			       CONSTRAINT("<range><minimum>1</minimum><maximum>2</maximum></range>")
				       FIELDS(FIELD("X", "[0:0]", "<description>Bit</description>")))
			   REG_COPY("A", "B", "4",
				    ACCESS("read-only") "<resetValue>7</resetValue>" ON_WRITE("modify")))
			 BLOCK("V", "0", ACCESS("write-only") REGISTERS(REG_COPY("U.A", "A", "0", "")))),
	  B_U "B V 0x0+0x0\n"
	      "R U.A 0x1000 16 read-write read:clear write:set range=1..2 reset:0x5&0xf 'One'\n"
	      "F X [0:0] read-write read:clear write:set 'Bit'\n"
	      "R U.B 0x1004 16 read-only read:clear range=1..2 reset:0x7&0xf 'One'\n"
	      "F X [0:0] read-only read:clear 'Bit'\n"
	      "R V.A 0x0 16 write-only read:clear write:set range=1..2 reset:0x5&0xf 'One'\n"
	      "F X [0:0] write-only read:clear write:set 'Bit'\n" },
	{ "a register with one more field, and another one instead",
	  U(REG("A", "0", FIELDS(FIELD("X", "[0:0]", "") FIELD("Y", "[1:1]", "")))
		    REG_COPY("A", "B", "4", FIELDS(FIELD("Z", "[2:2]", "") FIELD("X", "[7:4]", "")))),
	  B_U "R U.A 0x1000 32 ?\nF X [0:0] ?\nF Y [1:1] ?\n"
	      "R U.B 0x1004 32 ?\nF Y [1:1] ?\nF Z [2:2] ?\nF X [7:4] ?\n" },
	{ "a name is looked for in the same scope, then further out, then everywhere",
	  BLOCK("V", "0", REGISTERS(REG("A", "0", SIZE("8")) REG("ONLY", "4", SIZE("64"))))
		  U(REG("A", "0", SIZE("16")) CLUSTER("C", "0x10",
						      REG("A", "0", SIZE("24")) REG_COPY("A", "X", "4", ""))
			    CLUSTER("D", "0x20", REG_COPY("A", "Y", "0", "") REG_COPY("ONLY", "Z", "8", ""))),
	  "B V 0x0+0x0\nB U 0x1000+0x0\nR V.A 0x0 8 ?\nR V.ONLY 0x4 64 ?\nR U.A 0x1000 16 ?\n"
	  "R U.C.A 0x1010 24/32 ?\nR U.C.X 0x1014 24/32 ?\nR U.D.Y 0x1020 16 ?\nR U.D.Z 0x1028 64 ?\n" },
	{ "a register of the same name elsewhere",
	  U(REG("A", "0", SIZE("16"))) BLOCK("V", "0", REGISTERS(REG_COPY("A", "A", "0", ""))),
	  B_U "B V 0x0+0x0\nR U.A 0x1000 16 ?\nR V.A 0x0 16 ?\n" },
	{ "clusters, with what is in them",
	  U(CLUSTER("C", "0x10", SIZE("8") REG("A", "0", "") CLUSTER("I", "4", REG("B", "0", SIZE("16"))))
		    CLUSTER_COPY("C", "D", "0x20", REG("A", "1", ""))
			    CLUSTER_COPY("U.C.I", "E%s", "0x40", DIM("2", "4"))),
	  B_U "R U.C.A 0x1010 8 ?\nR U.C.I.B 0x1014 16 ?\nR U.D.I.B 0x1024 16 ?\nR U.D.A 0x1021 8 ?\n"
	      "R U.E0.B 0x1040 16 ?\nR U.E1.B 0x1044 16 ?\n" },
	{ "fields: by name, by path, with other bits, with other values",
	  U(REG("A", "0",
		FIELDS(FIELD("X", "[1:0]", "<description>Mode</description>" ACCESS("read-only") MODE)
			       FIELD_COPY("X", "Y", "<bitOffset>2</bitOffset>")
				       FIELD_COPY("B.Z", "Z",
						  ACCESS("write-only") "<bitRange>[9:8]</bitRange>" VALUES(
							  VALUE("NEW", "2")))))
		    REG("B", "4", FIELDS(FIELD_COPY("U.A.X", "Z", "<lsb>4</lsb><msb>4</msb>")))),
	  B_U "R U.A 0x1000 32 ?\nF X [1:0] read-only 'Mode'\nE OFF=0\nE ON=1\n"
	      "F Y [3:2] read-only 'Mode'\nE OFF=0\nE ON=1\nF Z [9:8] write-only 'Mode'\nE NEW=2\n"
	      "R U.B 0x1004 32 ?\nF Z [4:4] read-only 'Mode'\nE OFF=0\nE ON=1\n" },
	{ "arrays: from one by its name with %s; an array only if the name can say so",
	  U(REG("A%s", "0", DIM("2", "4") INDEX("X,Y") SIZE("8")) REG_COPY("A%s", "B%s", "0x10", "") REG_COPY(
		  "A%s", "C", "0x20", "") REG_COPY("A%s", "D%s", "0x30", DIM("3", "8") INDEX("0-2"))),
	  B_U "R U.AX 0x1000 8 ?\nR U.AY 0x1004 8 ?\nR U.BX 0x1010 8 ?\nR U.BY 0x1014 8 ?\nR U.C 0x1020 8 ?\n"
	      "R U.D0 0x1030 8 ?\nR U.D1 0x1038 8 ?\nR U.D2 0x1040 8 ?\n" },
	{ "a copy of an array of peripherals",
	  BLOCK("T%s", "0x1000", DIM("2", "0x100") REGISTERS(REG("A", "0", "")))
		  COPY("T%s", "S", "0x8000", ""),
	  "B T0 0x1000+0x0\nB T1 0x1100+0x0\nB S 0x8000+0x0\nR T0.A 0x1000 32 ?\nR T1.A 0x1100 32 ?\n"
	  "R S.A 0x8000 32 ?\n" },
};

/* --- the rest --------------------------------------------------------------------------------- */

static const char litex[] =
	"B CTRL 0xf0000800+0xc\nB UART 0xf0001000+0x20\n"
	"R CTRL.RESET 0xf0000800 32 read-write reset:0x0&0xffffffff\n"
	"F soc_rst [0:0] read-write 'Write `1` to this register to reset the full SoC & its CPU'\n"
	"F cpu_rst [1:1] read-write\n"
	"R CTRL.SCRATCH 0xf0000804 32 read-write reset:0x12345678&0xffffffff 'Scratch <32 bits>'\n"
	"F scratch [31:0] read-write\n"
	"R UART.EV_PENDING 0xf0001010 8 read-only reset:0x0&0xff\n";

/* The file in UTF-16, as some Windows tools write it. */
static void utf16(struct tap *tap)
{
	static const char plain[] = DEVICE(
		"", U(REG("A", "0", "<description>x</description>") "<register><name>B</name></register>"));
	char wide[2 * sizeof(plain)] = { '\xff', '\xfe' };

	for (size_t i = 0; i < sizeof(plain) - 1; i++)
		wide[2 + 2 * i] = plain[i];
	expect_bytes(tap, "UTF-16, with the line of a problem", wide, sizeof(wide),
		     B_U "R U.A 0x1000 32 ? 'x'\n! 4: register B: it has no <addressOffset>\n");
}

static void twice_one_name(struct tap *tap)
{
	static const char svd[] = DEVICE("<name>T</name><description>A\n device</description>",
					 U(REG("A", "0", "") REG("B", "4", "") REG("A", "8", "")));
	struct regmap *map = load_bytes(svd, sizeof(svd) - 1);
	struct regmap_item item = { 0 };
	struct error error = { 0 };

	ok(tap, map->register_count == 3 && map->problem_count == 0,
	   "two registers of one name are no problem of the file");
	ok(tap,
	   regmap_find(map, "A", &item, &error) < 0 && strstr(error.message, "U.A (line 4), U.A (line 6)"),
	   "the name is ambiguous, with both lines");
	ok(tap, !regmap_find(map, "B", &item, &error) && item.reg->address == 0x1004, "another one is found");
	ok(tap,
	   !strcmp(map->name, "T") && !strcmp(map->description, "A device") && map->format == REGMAP_SVD &&
		   !map->has_base && map->blocks[0].bar == -1,
	   "the device's name and description; nothing about BARs");
	regmap_close(map);
}

static void sharing(struct tap *tap)
{
	static const char svd[] = DEVICE(
		"", BLOCK("U%s", "0",
			  DIM("2", "0x100") REGISTERS(
				  REG("A%s", "0", DIM("100", "4") FIELDS(FIELD("F", "[0:0]", MODE)))
					  REG_COPY("A%s", "B", "0x400", ""))) COPY("U%s", "V", "0", ""));
	struct regmap *map = load_bytes(svd, sizeof(svd) - 1);

	ok(tap, map->register_count == 303 && map->field_count == 1 && map->enum_count == 2,
	   "three times 101 registers share their fields and values");
	regmap_close(map);
}

int main(void)
{
	struct tap tap = { 0 };

	EXPECT_ALL(&tap, texts);
	EXPECT_ALL(&tap, defaults);
	EXPECT_ALL(&tap, fields);
	EXPECT_ALL(&tap, enums);
	EXPECT_ALL(&tap, dims);
	EXPECT_ALL(&tap, derived);
	expect_file(&tap, "what LiteX writes", "tests/data/svd/litex.svd", litex);
	utf16(&tap);
	twice_one_name(&tap);
	sharing(&tap);
	return tap_done(&tap);
}
