"""What every test shares: hypothesis without a clock, since machines differ; objects are kept as in a command.

No test reads the prices of the user who runs it.
"""

from __future__ import annotations

import gc
import os

from hypothesis import HealthCheck, settings

os.environ["VIDCOST_PRICES"] = os.devnull

settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

# As `vidcost` does: workbooks are millions of small objects.
gc.set_threshold(200_000, 50, 1_000)
