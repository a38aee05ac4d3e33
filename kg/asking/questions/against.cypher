// What speaks against a claim: sentences that deny it, and sources that say it is not so.
//
// Parameters:
//   subject: entity -- one of the two things. Example: fish oil
//   object: entity -- the other one. Example: Raynaud's disease
//   relation: relation = "" -- only this relation. Example: NEGATIVE_CORRELATION
//   since: since = "" -- only what is dated then or later. Example: 1986
//   as_of: until = "" -- only what is dated then or earlier. Example: 2000-06
//   limit: integer = 50 -- how many rows at most
// Columns:
//   relation -- the claim's relation
//   certainty -- stated or hedged
//   source -- the paper, or the curated source with its version
//   date -- of the paper, or of the source
//   said -- the sentence, or the row of the source
CALL {
  MATCH (:Entity {id: $subject})-[c]-(:Entity {id: $object})
  WHERE c.n_deny > 0 AND ($relation = '' OR type(c) = $relation)
  WITH DISTINCT c
  MATCH (e:Evidence {claim_id: c.claim_id})-[:REPORTED_IN]->(p:Paper)
  WHERE e.polarity = 'denies'
  RETURN type(c) AS relation, e.certainty AS certainty, p.id AS source, p.date AS date,
    e.quote AS said
  UNION ALL
  MATCH (:Entity {id: $subject})-[c]-(:Entity {id: $object})
  WHERE c.curated = true AND c.n_deny > 0 AND ($relation = '' OR type(c) = $relation)
  WITH DISTINCT c
  UNWIND range(0, size(c.curated_sources) - 1) AS i
  WITH c, i WHERE c.curated_polarities[i] = 'denies'
  OPTIONAL MATCH (s:Source {id: split(c.curated_sources[i], '@')[0]})
  RETURN type(c) AS relation, 'stated' AS certainty, c.curated_sources[i] AS source,
    s.date AS date, c.curated_rows[i] AS said
}
WITH relation, certainty, source, date, said
WHERE ($since = '' OR substring(date + '-01-01', 0, 10) >= $since)
  AND ($as_of = '' OR substring(date + '-99-99', 0, 10) <= $as_of)
RETURN relation, certainty, source, date, said
ORDER BY certainty DESC, source, said, relation
LIMIT $limit
