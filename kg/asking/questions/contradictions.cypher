// Claims about a thing that some support and some deny, with a sentence or row of each side.
//
// Parameters:
//   entity: entity -- the thing. Example: fish oil
//   limit: integer = 50 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   belief -- what remains to be believed
//   n_support -- how many sentences and rows support it
//   n_deny -- how many deny it
//   supported_by -- one that supports it
//   denied_by -- one that denies it
MATCH (:Entity {id: $entity})-[c]-(:Entity) WHERE c.n_support > 0 AND c.n_deny > 0
WITH DISTINCT c, startNode(c) AS s, endNode(c) AS o
OPTIONAL MATCH (e:Evidence {claim_id: c.claim_id})
WITH c, s, o, [x IN collect([e.polarity, e.paper]) + CASE WHEN c.curated THEN
  [i IN range(0, size(c.curated_sources) - 1) | [c.curated_polarities[i], c.curated_sources[i]]]
  ELSE [] END WHERE x[0] IS NOT NULL] AS said
UNWIND said AS x
WITH c, s, o, min(CASE WHEN x[0] = 'supports' THEN x[1] END) AS supported_by,
  min(CASE WHEN x[0] = 'denies' THEN x[1] END) AS denied_by
RETURN s.name AS subject, type(c) AS relation, o.name AS object, c.belief AS belief,
  c.n_support AS n_support, c.n_deny AS n_deny, supported_by, denied_by
ORDER BY n_deny DESC, n_support DESC, subject, relation, object, c.claim_id
LIMIT $limit
