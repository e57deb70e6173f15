# SPDX-License-Identifier: Apache-2.0
"""Other programs: what they see of the user's environment, and that they end with us."""
