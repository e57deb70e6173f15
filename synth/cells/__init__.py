# SPDX-License-Identifier: Apache-2.0
"""Standard cells: libraries in Liberty, designs mapped to them, their area and their timing.

No library is shipped; what is read is the user's.
"""
