"""Papers in, annotation shards out."""
