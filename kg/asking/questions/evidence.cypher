// What the graph holds on a claim between two things: sentences of papers, rows of sources.
//
// Parameters:
//   subject: entity -- one of the two. Example: fish oil
//   object: entity -- the other one. Example: Raynaud's disease
//   relation: relation = "" -- only this relation. Example: NEGATIVE_CORRELATION
//   since: since = "" -- only what is dated then or later. Example: 1986
//   as_of: until = "" -- only what is dated then or earlier. Example: 2000-06
//   first: integer = 1 -- the number of the first row that is shown
//   limit: integer = 50 -- how many rows at most
// Columns:
//   relation -- the claim's relation, in the direction in which the graph has it
//   polarity -- supports or denies
//   certainty -- stated or hedged
//   confidence -- how sure the pack was; none for rows of curated sources
//   source -- the paper, or the curated source with its version
//   date -- of the paper, or of the source
//   said -- the sentence, or the row of the source
CALL {
  MATCH (:Entity {id: $subject})-[c]-(:Entity {id: $object})
  WHERE c.claim_id IS NOT NULL AND ($relation = '' OR type(c) = $relation)
  WITH DISTINCT c
  MATCH (e:Evidence {claim_id: c.claim_id})-[:REPORTED_IN]->(p:Paper)
  RETURN type(c) AS relation, e.polarity AS polarity, e.certainty AS certainty,
    e.confidence AS confidence, p.id AS source, p.date AS date, e.quote AS said
  UNION ALL
  MATCH (:Entity {id: $subject})-[c]-(:Entity {id: $object})
  WHERE c.curated = true AND ($relation = '' OR type(c) = $relation)
  WITH DISTINCT c
  UNWIND range(0, size(c.curated_sources) - 1) AS i
  WITH type(c) AS relation, c.curated_polarities[i] AS polarity,
    c.curated_sources[i] AS source, c.curated_rows[i] AS said
  OPTIONAL MATCH (s:Source {id: split(source, '@')[0]})
  RETURN relation, polarity, 'stated' AS certainty, null AS confidence, source,
    s.date AS date, said
}
WITH relation, polarity, certainty, confidence, source, date, said
WHERE ($since = '' OR substring(date + '-01-01', 0, 10) >= $since)
  AND ($as_of = '' OR substring(date + '-99-99', 0, 10) <= $as_of)
RETURN relation, polarity, certainty, confidence, source, date, said
ORDER BY polarity DESC, certainty DESC, coalesce(confidence, 1.0) DESC, source, said, relation
SKIP $first - 1 LIMIT $limit
