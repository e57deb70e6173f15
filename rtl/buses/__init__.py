# SPDX-License-Identifier: Apache-2.0
"""One description a bus, from which recipes, top levels, packages and simulations know it.

No hardware is described here and no Amaranth imported; `rtl/attachments` has the components.
"""
