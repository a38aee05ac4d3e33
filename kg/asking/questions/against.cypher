// What speaks against a claim: sentences that deny it, and sources that say it is not so.
//
// Parameters:
//   subject: entity -- one of the two things. Example: fish oil
//   object: entity -- the other one. Example: Raynaud's disease
//   relation: relation = "" -- only this relation. Example: NEGATIVE_CORRELATION
//   limit: integer = 50 -- how many rows at most
// Columns:
//   relation -- the claim's relation
//   certainty -- stated or hedged
//   source -- the paper, or the curated source with its version
//   said -- the sentence, or the row of the source
CALL {
  MATCH (:Entity {id: $subject})-[c]-(:Entity {id: $object})
  WHERE c.n_deny > 0 AND ($relation = '' OR type(c) = $relation)
  WITH DISTINCT c
  MATCH (e:Evidence {claim_id: c.claim_id})-[:REPORTED_IN]->(p:Paper)
  WHERE e.polarity = 'denies'
  RETURN type(c) AS relation, e.certainty AS certainty, p.id AS source, e.quote AS said
  UNION ALL
  MATCH (:Entity {id: $subject})-[c]-(:Entity {id: $object})
  WHERE c.curated = true AND c.n_deny > 0 AND ($relation = '' OR type(c) = $relation)
  WITH DISTINCT c
  UNWIND range(0, size(c.curated_sources) - 1) AS i
  WITH c, i WHERE c.curated_polarities[i] = 'denies'
  RETURN type(c) AS relation, 'stated' AS certainty, c.curated_sources[i] AS source,
    c.curated_rows[i] AS said
}
RETURN relation, certainty, source, said
ORDER BY certainty DESC, source, said, relation
LIMIT $limit
