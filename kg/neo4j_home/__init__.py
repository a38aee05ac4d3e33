"""A real Neo4j on this machine, without Docker, and without Java installed."""

from kg.neo4j_home.home import USER, Neo4jHome, Running
from kg.neo4j_home.importing import import_files
from kg.neo4j_home.process import is_free

__all__ = ["USER", "Neo4jHome", "Running", "import_files", "is_free"]
