// The claims that are best supported.
//
// Parameters:
//   relation: relation = "" -- only this relation. Example: NEGATIVE_CORRELATION
//   type: type = "" -- only claims with an end of this type. Example: Disease
//   limit: integer = 20 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   belief -- how believable the claim is
//   n_papers -- how many papers speak of it
//   curated -- whether a curated source does
MATCH (s:Entity)-[c]->(o:Entity)
WHERE c.claim_id IS NOT NULL AND ($relation = '' OR type(c) = $relation)
  AND ($type = '' OR $type IN labels(s) OR $type IN labels(o))
WITH s, c, o ORDER BY c.belief DESC, c.n_papers DESC, c.claim_id LIMIT $limit
RETURN s.name AS subject, type(c) AS relation, o.name AS object, c.belief AS belief,
  c.n_papers AS n_papers, c.curated AS curated
ORDER BY belief DESC, n_papers DESC, subject, relation, object, c.claim_id
