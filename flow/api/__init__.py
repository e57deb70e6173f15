# SPDX-License-Identifier: Apache-2.0
"""What `import pulsewright as pw` offers: models, training, designs, simulations, reports.

No build folder, no recipe's order of steps and nothing that prints; those are the command line's.
"""
