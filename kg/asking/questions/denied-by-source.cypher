// Claims of which a curated source says that they are not so.
//
// Parameters:
//   source: text = "" -- only those of this source, by its name. Example: pharmacotherapydb
//   limit: integer = 50 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   source -- the source with its version
//   row -- where it says so
//   n_support -- how many sentences and rows say that it is so
//   belief -- how believable the claim is
MATCH (s:Entity)-[c]->(o:Entity) WHERE c.curated = true AND c.n_deny > 0
UNWIND range(0, size(c.curated_sources) - 1) AS i
WITH s, c, o, c.curated_sources[i] AS source, c.curated_rows[i] AS row,
  c.curated_polarities[i] AS polarity
WHERE polarity = 'denies' AND ($source = '' OR split(source, '@')[0] = $source)
RETURN s.name AS subject, type(c) AS relation, o.name AS object, source, row,
  c.n_support AS n_support, c.belief AS belief
ORDER BY n_support DESC, subject, relation, object, source, row
LIMIT $limit
