# SPDX-License-Identifier: Apache-2.0
"""What the SoCs of the wrappers bring with them, written down from their documentation.

Each is a module `shim` with the flat ports of the coprocessor, so that a test bench written for
these meets the wrapper behind structures and interfaces.
"""

from pulsewright.rtl.buses.registry import BUSES
from pulsewright.rtl.buses.wrapper import Wrapper
from pulsewright.rtl.package.design import PackagedDesign

WRAPPERS: dict[str, tuple[str, Wrapper]] = {
    wrapper.name: (bus.name, wrapper) for bus in BUSES.values() for wrapper in bus.wrappers
}

# As of obi/typedef.svh: each member may be left out by a define.
OBI_TYPES = """
package soc_pkg;
  typedef struct packed {
    logic [31:0] addr;
    logic        we;
    logic [3:0]  be;
    logic [31:0] wdata;
`ifndef NO_ID
    logic [2:0]  aid;
`endif
    logic        a_optional;
  } a_chan_t;
  typedef struct packed {
    logic [31:0] rdata;
`ifndef NO_ID
    logic [2:0]  rid;
`endif
`ifndef NO_ERR
    logic        err;
`endif
    logic        r_optional;
  } r_chan_t;
  typedef struct packed {
    a_chan_t a;
    logic    req;
`ifndef NO_RREADY
    logic    rready;
`endif
  } user_obi_req_t;
  typedef struct packed {
    r_chan_t r;
    logic    gnt;
    logic    rvalid;
  } user_obi_rsp_t;
endpackage

// The place for peripherals of a user, with structures for ports.
module user_domain (
  input  logic clk_i, rst_ni,
  input  soc_pkg::user_obi_req_t user_obi_req_i,
  output soc_pkg::user_obi_rsp_t user_obi_rsp_o,
  output logic event_o, clock_enable_o
);
  NAME_obi_structs #(
    .obi_req_t(soc_pkg::user_obi_req_t), .obi_rsp_t(soc_pkg::user_obi_rsp_t),
`ifdef NO_ID
    .UseId(1'b0),
`endif
`ifdef NO_ERR
    .UseErr(1'b0),
`endif
`ifdef NO_RREADY
    .UseRReady(1'b0)
`else
    .UseRReady(1'b1)
`endif
  ) i_coprocessor (
    .clk_i, .rst_ni, .obi_req_i(user_obi_req_i), .obi_rsp_o(user_obi_rsp_o), .event_o,
    .clock_enable_o);
endmodule
"""
# Counts identifiers, and compares each response's with its request's.
OBI = """
  soc_pkg::user_obi_req_t request;
  soc_pkg::user_obi_rsp_t response;
  logic [2:0] number, granted;
  user_domain i_user (
    .clk_i, .rst_ni, .user_obi_req_i(request), .user_obi_rsp_o(response), .event_o,
    .clock_enable_o);
  always_comb begin
    request = '0;
    request.req = obi_req_i;
    request.a.addr = obi_addr_i;
    request.a.we = obi_we_i;
    request.a.be = obi_be_i;
    request.a.wdata = obi_wdata_i;
`ifdef NO_ID
    number = '0;
    granted = '0;
`else
    request.a.aid = number;
`endif
`ifndef NO_RREADY
    request.rready = obi_rready_i;
`endif
  end
  assign obi_gnt_o = response.gnt;
  assign obi_rvalid_o = response.rvalid;
  assign obi_rdata_o = response.r.rdata;
`ifdef NO_ERR
  assign obi_err_o = 1'b0;
`else
  assign obi_err_o = response.r.err;
`endif
`ifdef NO_ID
  assign obi_rid_o = '0;
`else
  assign obi_rid_o = response.r.rid;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) {number, granted} <= {3'd5, 3'd0};
    else if (request.req && response.gnt) {number, granted} <= {number + 3'd3, number};
  end
  always @(posedge clk_i)
    if (response.rvalid && response.r.rid != granted)
      $fatal(1, "rid is %0d, aid was %0d", response.r.rid, granted);
`endif
"""
TCDM = """
interface XBAR_TCDM_BUS;
  logic req, wen, gnt, r_opc, r_valid;
  logic [31:0] add, wdata, r_rdata;
  logic [3:0] be;
  modport Master(output req, add, wen, wdata, be, input gnt, r_rdata, r_opc, r_valid);
endinterface
"""
APB4 = """
interface APB #(parameter int unsigned ADDR_WIDTH = 32, parameter int unsigned DATA_WIDTH = 32);
  logic [ADDR_WIDTH-1:0] paddr;
  logic [2:0] pprot;
  logic psel, penable, pwrite, pready, pslverr;
  logic [DATA_WIDTH-1:0] pwdata, prdata;
  logic [DATA_WIDTH/8-1:0] pstrb;
  modport Master(output paddr, pprot, psel, penable, pwrite, pwdata, pstrb,
                 input pready, prdata, pslverr);
  modport Slave(input paddr, pprot, psel, penable, pwrite, pwdata, pstrb,
                output pready, prdata, pslverr);
endinterface
"""
APB3 = """
interface APB_BUS #(
  parameter int unsigned APB_ADDR_WIDTH = 32, parameter int unsigned APB_DATA_WIDTH = 32);
  logic [APB_ADDR_WIDTH-1:0] paddr;
  logic [APB_DATA_WIDTH-1:0] pwdata, prdata;
  logic pwrite, psel, penable, pready, pslverr;
  modport Master(output paddr, pwdata, pwrite, psel, penable, input prdata, pready, pslverr);
  modport Slave(input paddr, pwdata, pwrite, psel, penable, output prdata, pready, pslverr);
endinterface
"""
# The slot lies at 0x1A10_C000, and its decoder leaves the whole address on the bus.
SLOT = """
  XBAR_TCDM_BUS masters[3:0]();
  INTERFACE slave();
  logic [1:0] evt;
  MODULE #(.N_MASTER_PORT(4), .ID_WIDTH(2)) i_fc_hwpe (
    .clk_i, .rst_ni, .test_mode_i(1'b0), .hwacc_xbar_master(masters), .hwacc_cfg_slave(slave),
    .evt_o(evt), .busy_o(clock_enable_o));
  assign slave.psel = apb_psel_i;
  assign slave.penable = apb_penable_i;
  assign slave.pwrite = apb_pwrite_i;
  assign slave.paddr = 32'h1A10_C000 | apb_paddr_i;
  assign slave.pwdata = apb_pwdata_i;
  assign apb_pready_o = slave.pready;
  assign apb_prdata_o = slave.prdata;
  assign apb_pslverr_o = slave.pslverr;
  assign event_o = evt[0];
  always @(posedge clk_i)
    if (masters[0].req | masters[3].req | evt[1]) $fatal(1, "the slot is not idle");
"""
STROBES = """
  assign slave.pstrb = apb_pstrb_i;
  assign slave.pprot = apb_pprot_i;
"""
CLUSTER_INTERFACE = """
interface hwpe_ctrl_intf_periph (input logic clk);
  parameter int unsigned ID_WIDTH = 1;
  logic req, gnt, wen, r_valid;
  logic [31:0] add, data, r_data;
  logic [3:0] be;
  logic [ID_WIDTH-1:0] id, r_id;
  modport master(output req, add, wen, be, data, id, input gnt, r_data, r_valid, r_id);
  modport slave(input req, add, wen, be, data, id, output gnt, r_data, r_valid, r_id);
endinterface
"""
CLUSTER = """
  hwpe_ctrl_intf_periph #(.ID_WIDTH(5)) periph(.clk(clk_i));
  logic [3:0][1:0] evt;
  logic [4:0] number, granted;
  MODULE #(.N_CORES(4), .ID_WIDTH(5)) i_hwpe (
    .clk_i, .rst_ni, .test_mode_i(1'b0), .evt_o(evt), .busy_o(clock_enable_o), .periph(periph));
  assign periph.req = periph_req_i;
  assign periph.add = periph_add_i;
  assign periph.wen = periph_wen_i;
  assign periph.be = periph_be_i;
  assign periph.data = periph_data_i;
  assign periph.id = number;
  assign periph_gnt_o = periph.gnt;
  assign periph_r_data_o = periph.r_data;
  assign periph_r_valid_o = periph.r_valid;
  assign periph_r_id_o = '0;
  assign event_o = evt[3][0];
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) {number, granted} <= {5'd17, 5'd0};
    else if (periph.req && periph.gnt) {number, granted} <= {number + 5'd7, number};
  end
  always @(posedge clk_i) begin
    if (periph.r_valid && periph.r_id != granted) $fatal(1, "r_id is not the id");
    if (evt != {4{1'b0, event_o}}) $fatal(1, "a core has another event");
  end
"""
# As of register_interface/typedef.svh, which X-HEEP's reg_pkg follows.
REG_TYPES = """
package reg_pkg;
  typedef struct packed {
    logic [31:0] addr;
    logic        write;
    logic [31:0] wdata;
    logic [3:0]  wstrb;
    logic        valid;
  } reg_req_t;
  typedef struct packed {
    logic [31:0] rdata;
    logic        error;
    logic        ready;
  } reg_rsp_t;
endpackage
"""
REG = """
  reg_pkg::reg_rsp_t response;
  reg_pkg::reg_req_t request;
  assign request = '{addr: reg_addr_i, write: reg_write_i, wdata: reg_wdata_i,
                     wstrb: reg_wstrb_i, valid: reg_valid_i};
  MODULE #(.reg_req_t(reg_pkg::reg_req_t), .reg_rsp_t(reg_pkg::reg_rsp_t)) i_coprocessor (
    .clk_i, .rst_ni, .reg_req_i(request), .reg_rsp_o(response), .event_o, .clock_enable_o);
  assign reg_ready_o = response.ready;
  assign reg_rdata_o = response.rdata;
  assign reg_error_o = response.error;
"""
DEFINITIONS = {
    "obi_structs": OBI_TYPES,
    "fc_hwpe": TCDM + APB4,
    "fc_hwpe_apb_bus": TCDM + APB3,
    "cluster_hwpe": CLUSTER_INTERFACE,
    "reg_structs": REG_TYPES,
    "axi_ip": "",
}
BODIES = {
    "obi_structs": OBI,
    "fc_hwpe": SLOT.replace("INTERFACE", "APB") + STROBES,
    "fc_hwpe_apb_bus": SLOT.replace("INTERFACE", "APB_BUS"),
    "cluster_hwpe": CLUSTER,
    "reg_structs": REG,
}


def axi_body(design: PackagedDesign) -> str:
    """Verilog-2005: the ports of the IP are the flat ones without their ends."""
    joined = ["    .s_axi_aclk(clk_i),", "    .s_axi_aresetn(rst_ni),"]
    for port in design.bus_ports:
        part = f"[{design.address_bits - 1}:0]" if "addr" in port.name else ""
        joined.append(f"    .{port.name[:-2]}({port.name}{part}),")
    joined += ["    .event_o(event_o),", "    .clock_enable_o(clock_enable_o)"]
    return "  MODULE i_coprocessor (\n" + "\n".join(joined) + "\n  );\n"


def shim(design: PackagedDesign, wrapper: Wrapper) -> str:
    """Definitions of the SoC, and `shim` around the wrapper."""
    body = axi_body(design) if wrapper.name == "axi_ip" else BODIES[wrapper.name]
    ports = ",\n".join(f"  {p.direction} wire {p.vector}{p.name}" for p in design.ports)
    text = f"{DEFINITIONS[wrapper.name]}\nmodule shim (\n{ports}\n);\n{body}\nendmodule\n"
    return text.replace("NAME_", f"{design.name}_").replace(
        "MODULE", design.wrapper_module(wrapper)
    )
