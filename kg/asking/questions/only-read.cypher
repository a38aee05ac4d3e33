// Claims that papers make and no curated source in the graph holds, the most believed first.
//
// Parameters:
//   entity: entity = "" -- only claims about this thing. Example: fish oil
//   limit: integer = 50 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   n_papers -- how many papers speak of it
//   belief -- how believable the claim is
MATCH (s:Entity)-[c]->(o:Entity)
WHERE c.curated = false AND c.n_papers > 0 AND ($entity = '' OR s.id = $entity OR o.id = $entity)
WITH s, c, o ORDER BY c.belief DESC, c.n_papers DESC, c.claim_id LIMIT $limit
RETURN s.name AS subject, type(c) AS relation, o.name AS object, c.n_papers AS n_papers,
  c.belief AS belief
ORDER BY belief DESC, n_papers DESC, subject, relation, object, c.claim_id
