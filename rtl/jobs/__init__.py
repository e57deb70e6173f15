# SPDX-License-Identifier: Apache-2.0
"""Jobs of the coprocessor: their queue, their runner, the pulse codes and the result FIFO.

No register address and no bus is known here.
"""
