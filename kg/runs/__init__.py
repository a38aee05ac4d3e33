"""Who changed a graph, when, with what, and what came of it."""

from kg.runs.log import Run, RunLog, files_of, list_runs, login_name, running

__all__ = [
    "Run",
    "RunLog",
    "files_of",
    "list_runs",
    "login_name",
    "running",
]
