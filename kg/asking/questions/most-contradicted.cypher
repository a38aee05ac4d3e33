// The claims that are most in dispute: many support them, and many deny them.
//
// Parameters:
//   limit: integer = 20 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   n_support -- how many sentences and rows support it
//   n_deny -- how many deny it
//   belief -- what remains to be believed
MATCH (s:Entity)-[c]->(o:Entity) WHERE c.n_support > 0 AND c.n_deny > 0
WITH s, c, o, CASE WHEN c.n_support < c.n_deny THEN c.n_support ELSE c.n_deny END AS both
ORDER BY both DESC, c.n_support + c.n_deny DESC, c.claim_id LIMIT $limit
RETURN s.name AS subject, type(c) AS relation, o.name AS object, c.n_support AS n_support,
  c.n_deny AS n_deny, c.belief AS belief
ORDER BY both DESC, n_support + n_deny DESC, subject, relation, object, c.claim_id
