# SPDX-License-Identifier: Apache-2.0
"""The console script: what signals do is settled before anything that takes time is imported."""

from pulsewright.flow.commands.first_signals import end_at_once_on_signals


def main() -> None:
    """Entry point of the console script."""
    end_at_once_on_signals()
    from pulsewright.flow.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()
