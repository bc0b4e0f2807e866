"""What every test shares: hypothesis without a clock, since machines differ; objects are kept as in a command."""

from __future__ import annotations

import gc

from hypothesis import HealthCheck, settings

settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

# As `vidcost` does: workbooks are millions of small objects.
gc.set_threshold(200_000, 50, 1_000)
