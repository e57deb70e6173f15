# SPDX-License-Identifier: Apache-2.0
"""What of an installation is there, missing or too old, what for, and how to get it.

Nothing is installed or changed here, and no package that is looked for is imported.
"""
