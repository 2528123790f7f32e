"""Every claim that can be measured, by the name of its job."""

from collections.abc import Mapping
from types import MappingProxyType

from config.bench import assign, imports, lift, persist, profiles, report, runs, score, segments, segments_page, worlds
from config.bench.frame import Job

JOBS: Mapping[str, Job] = MappingProxyType(
    {
        "assign": assign.JOB,
        "import": imports.JOB,
        "lift": lift.JOB,
        "persist": persist.JOB,
        "profiles": profiles.JOB,
        "report": report.JOB,
        "run": runs.JOB,
        "score": score.JOB,
        "segments": segments.JOB,
        "segments-page": segments_page.JOB,
        "worlds": worlds.JOB,
    }
)
