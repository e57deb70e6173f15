# SPDX-License-Identifier: Apache-2.0
"""Examples at the end of each command's help; a test lets the parser read them."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "run": (
        "pulsewright run a1_int8.toml",
        "pulsewright run a1_int8_measured.toml --download --waves",
    ),
    "train": ("pulsewright train mine.toml --data curves.csv",),
    "quantise": ("pulsewright quantise mine.toml --build scratch",),
    "rtl": ("pulsewright rtl mine.toml",),
    "sim": ("pulsewright sim mine.toml --simulator icarus --waves",),
    "hls": ("pulsewright hls mine.toml --quiet",),
    "soc": (
        "pulsewright soc mine.toml --core picorv32 --attachment pcpi --simulator icarus",
        "pulsewright soc --core ibex",
    ),
    "demonstrator": ("pulsewright demonstrator history_int8.toml --memory",),
    "verify": ("pulsewright verify mine.toml --vectors 10000000 --seed 1",),
    "mutate": ("pulsewright mutate mine.toml --mutants 500 --bench package --least 0.92",),
    "coverage": ("pulsewright coverage mine.toml --rows 1000 --least 0.9",),
    "prove": (
        "pulsewright prove mine.toml --json",
        "pulsewright prove mine.toml --netlist ecp5 --netlist generic",
    ),
    "synth": (
        "pulsewright synth mine.toml --target ecp5 --multipliers 2,7,56",
        "pulsewright synth mine.toml --target osu018 --energy",
    ),
    "explore": ("pulsewright explore mine.toml --target ice40 --seeds 1",),
    "board": ("pulsewright board mine.toml --board icebreaker --port /dev/ttyUSB1",),
    "layout": ("pulsewright layout mine.toml --target osu018 --energy",),
    "recipes": ("pulsewright recipes", "pulsewright recipes --copy a1_int8 --to mine"),
    "init": (
        "pulsewright init first",
        "pulsewright init --from curves.csv",
        "pulsewright init --from model.onnx --to designs",
    ),
    "explain": (
        "pulsewright explain engine.initiation_interval",
        "pulsewright explain STATUS",
    ),
    "doctor": ("pulsewright doctor", "pulsewright doctor --json"),
    "import": ("pulsewright import model.onnx --ii 64 --output argmax",),
    "energy": ("pulsewright energy mine.toml --table horowitz_45nm --explain",),
    "qonnx": ("pulsewright qonnx mine.toml",),
    "report": ("pulsewright report mine.toml",),
    "study": ("pulsewright study study_tiny.toml --workers 2 --target ecp5",),
    "reproduce": ("pulsewright reproduce --curves synthetic",),
    "closed-loop": ("pulsewright closed-loop --data measured",),
}


def epilog(command: str) -> str:
    """The examples of a command, a paragraph each, since help joins the lines of one."""
    return "\n\n".join(("Examples:", *EXAMPLES[command]))
