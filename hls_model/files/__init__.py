# SPDX-License-Identifier: Apache-2.0
"""Files written whole or not at all, and files of others read safely.

No file format lives here; formats live beside what they hold.
"""
