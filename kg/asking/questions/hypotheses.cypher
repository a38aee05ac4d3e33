// Hypotheses that were proposed or checked, the best first.
//
// Parameters:
//   entity: entity = "" -- only those about this thing. Example: fish oil
//   verdict: text = "" -- only those of this verdict. Example: novel
//   limit: integer = 20 -- how many rows at most
// Columns:
//   hypothesis -- its id, for `abduce explain`
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   score -- the score
//   verdict -- what all checks together say
MATCH (s:Entity)<-[:SUBJECT]-(h:Hypothesis)-[:OBJECT]->(o:Entity)
WHERE ($entity = '' OR s.id = $entity OR o.id = $entity)
  AND ($verdict = '' OR h.verdict = $verdict)
RETURN h.id AS hypothesis, s.name AS subject, h.predicate AS relation, o.name AS object,
  h.score AS score, h.verdict AS verdict
ORDER BY score DESC, hypothesis
LIMIT $limit
