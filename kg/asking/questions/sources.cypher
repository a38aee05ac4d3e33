// The curated sources in the graph, with their versions and licences.
//
// Parameters:
// Columns:
//   source -- name of the source
//   version -- the version that is in the graph
//   licence -- its licence; none where the source does not say
//   title -- its title
//   date -- its date
//   format -- what it was read from
//   error -- the share of its rows that are taken to be wrong
MATCH (s:Source)
RETURN s.id AS source, s.version AS version, s.licence AS licence, s.title AS title,
  s.date AS date, s.format AS format, s.error AS error
ORDER BY source
