"""Who changed a graph, when, with what, and what came of it."""

from kg.runs.log import Run, RunLog, list_runs, login_name, running

__all__ = ["Run", "RunLog", "list_runs", "login_name", "running"]
