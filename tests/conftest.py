"""For all tests: examples are drawn without a stopwatch, since machines may be busy."""

from hypothesis import HealthCheck, settings

settings.register_profile("voicenb", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("voicenb")
