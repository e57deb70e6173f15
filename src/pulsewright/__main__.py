# SPDX-License-Identifier: Apache-2.0
"""`python -m pulsewright`, for environments whose scripts are on no search path."""

from pulsewright.flow.entry import main

if __name__ == "__main__":
    main()
