# SPDX-License-Identifier: Apache-2.0
from hypothesis import settings

# Wall time depends on the machine and its load, so no example has a deadline.
settings.register_profile("pulsewright", deadline=None)
settings.load_profile("pulsewright")
