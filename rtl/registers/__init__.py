# SPDX-License-Identifier: Apache-2.0
"""The register map: its SystemRDL source, the decoder, the rules of access, the weight window.

No bus protocol lives here; attachments translate to the register bus.
"""
