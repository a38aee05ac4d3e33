// Claims that curated sources hold and no paper in the graph speaks of.
//
// Parameters:
//   entity: entity = "" -- only claims about this thing. Example: fish oil
//   limit: integer = 50 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   sources -- the sources with their versions
//   belief -- how believable the claim is
MATCH (s:Entity)-[c]->(o:Entity)
WHERE c.curated = true AND c.n_support > 0 AND c.n_papers = 0
  AND ($entity = '' OR s.id = $entity OR o.id = $entity)
WITH s, c, o ORDER BY c.belief DESC, c.claim_id LIMIT $limit
UNWIND c.curated_sources AS source
WITH s, c, o, source ORDER BY source
WITH s, c, o, collect(DISTINCT source) AS sources
RETURN s.name AS subject, type(c) AS relation, o.name AS object, sources, c.belief AS belief
ORDER BY belief DESC, subject, relation, object, c.claim_id
