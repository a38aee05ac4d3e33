// Who changed the graph, when and with what, the last first.
//
// Parameters:
//   command: text = "" -- only runs of this command. Example: load
//   limit: integer = 20 -- how many rows at most
// Columns:
//   started -- when, in UTC
//   command -- the command
//   who -- who ran it
//   outcome -- done, failed or interrupted; none where it was killed or still runs
//   version -- the version of the graph that it came to
//   source -- the curated source, where one was loaded
//   pack -- the pack, where one read
MATCH (r:Run) WHERE $command = '' OR r.command = $command
RETURN r.started AS started, r.command AS command, r.who AS who, r.outcome AS outcome,
  r.version AS version, r.source AS source, r.pack AS pack
ORDER BY started DESC, r.id
LIMIT $limit
