// Claims that hang on one thing alone: one paper, or one curated source.
//
// Parameters:
//   entity: entity = "" -- only claims about this thing. Example: fish oil
//   limit: integer = 50 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   source -- the paper, or the curated source with its version
//   belief -- how believable the claim is
MATCH (s:Entity)-[c]->(o:Entity)
WHERE (
  (c.n_papers = 1 AND c.curated = false)
  OR (c.n_papers = 0 AND c.curated = true AND (c.n_support + c.n_deny = 1
    OR all(x IN c.curated_sources WHERE x = c.curated_sources[0])))
) AND ($entity = '' OR s.id = $entity OR o.id = $entity)
WITH s, c, o ORDER BY c.belief DESC, c.claim_id LIMIT $limit
OPTIONAL MATCH (e:Evidence {claim_id: c.claim_id})
RETURN DISTINCT s.name AS subject, type(c) AS relation, o.name AS object,
  coalesce(e.paper, c.curated_sources[0]) AS source, c.belief AS belief
ORDER BY belief DESC, subject, relation, object, source
