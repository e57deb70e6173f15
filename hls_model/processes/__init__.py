# SPDX-License-Identifier: Apache-2.0
"""Other programs: what they see of the user's environment, and that they end with us.

Which programs there are, and what they are asked, is known where they are used.
"""
