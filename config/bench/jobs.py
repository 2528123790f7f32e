"""Every claim that can be measured, by the name of its job."""

from collections.abc import Mapping
from types import MappingProxyType

from config.bench import imports, persist, profiles, runs, segments, segments_page
from config.bench.frame import Job

JOBS: Mapping[str, Job] = MappingProxyType(
    {
        "import": imports.JOB,
        "persist": persist.JOB,
        "profiles": profiles.JOB,
        "run": runs.JOB,
        "segments": segments.JOB,
        "segments-page": segments_page.JOB,
    }
)
