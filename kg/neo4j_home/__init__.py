"""A real Neo4j on this machine, without Docker, and without Java installed."""

from kg.neo4j_home.home import Neo4jHome, Running

__all__ = ["Neo4jHome", "Running"]
