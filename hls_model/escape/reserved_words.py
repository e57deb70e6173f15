# SPDX-License-Identifier: Apache-2.0
"""Words that no coprocessor may be called by, each list by what it belongs to; lower case."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# C23; words that begin with an underscore and a capital are no names here anyway.
C_WORDS = _words(
    """
    alignas alignof auto bool break case char const constexpr continue default do double else
    enum extern false float for goto if inline int long nullptr register restrict return short
    signed sizeof static static_assert struct switch thread_local true typedef typeof
    typeof_unqual union unsigned void volatile while asm
    """
)
# C++20.
CPP_WORDS = _words(
    """
    and and_eq bitand bitor catch char16_t char32_t char8_t class co_await co_return co_yield
    compl concept const_cast consteval constinit decltype delete dynamic_cast explicit export
    friend mutable namespace new noexcept not not_eq operator or or_eq private protected
    public reinterpret_cast requires static_cast template this throw try typeid typename using
    virtual wchar_t xor xor_eq
    """
)
# IEEE 1364-2005, annex B, but for the charge strengths.
VERILOG_WORDS = _words(
    """
    always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config
    deassign default defparam design disable edge else end endcase endconfig endfunction
    endgenerate endmodule endprimitive endspecify endtable endtask event for force forever
    fork function generate genvar highz0 highz1 if ifnone incdir include initial inout input
    instance integer join liblist library localparam macromodule module nand negedge nmos nor
    noshowcancelled not notif0 notif1 or output parameter pmos posedge primitive pull0 pull1
    pulldown pullup pulsestyle_ondetect pulsestyle_onevent rcmos real realtime reg release
    repeat rnmos rpmos rtran rtranif0 rtranif1 scalared showcancelled signed specify specparam
    strong0 strong1 supply0 supply1 table task time tran tranif0 tranif1 tri tri0 tri1 triand
    trior trireg unsigned use uwire vectored wait wand weak0 weak1 while wire wor xnor xor
    """
)
# Good names of coprocessors, whose modules go on after them, but not of a module itself.
CHARGE_STRENGTHS = frozenset({"small", "medium", "large"})
# IEEE 1800-2017, annex B, without those of Verilog.
SYSTEM_VERILOG_WORDS = _words(
    """
    accept_on alias always_comb always_ff always_latch assert assume before bind bins binsof
    bit break byte chandle checker class clocking const constraint context continue cover
    covergroup coverpoint cross dist do endchecker endclass endclocking endgroup endinterface
    endpackage endprogram endproperty endsequence enum eventually expect export extends extern
    final first_match foreach forkjoin global iff ignore_bins illegal_bins implements implies
    import inside int interconnect interface intersect join_any join_none let local logic
    longint matches modport nettype new nexttime null package packed priority program property
    protected pure rand randc randcase randsequence ref reject_on restrict return s_always
    s_eventually s_nexttime s_until s_until_with sequence shortint shortreal soft solve static
    string strong struct super sync_accept_on sync_reject_on tagged this throughout
    timeprecision timeunit type typedef union unique unique0 until until_with untyped var
    virtual void wait_order weak wildcard with within
    """
)
# `<name>.h` is a file of the kernel, and its folder may be one that a compiler searches.
C_HEADERS = _words(
    """
    assert complex ctype errno fenv float inttypes iso646 limits locale math memory setjmp
    signal stdalign stdarg stdatomic stdbit stdbool stdckdint stddef stdint stdio stdlib
    stdnoreturn string tgmath threads time uchar unistd wchar wctype ap_int ap_fixed ac_int
    ac_fixed
    """
)
# Words that generated modules, ports, headers and macros begin with whatever the recipe's name is.
OWN_WORDS = _words(
    """
    apb axi_lite coprocessor cv_x_if engine hwpe_periph input_map network obi pcpi periph
    registers rows s_axi soc wb weights wishbone
    """
)
OWN_PREFIX = "pulsewright"
