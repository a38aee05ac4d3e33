// How what papers say of two things went over the years; papers without a date are left out.
//
// Parameters:
//   subject: entity -- one of the two. Example: fish oil
//   object: entity -- the other one. Example: Raynaud's disease
//   relation: relation = "" -- only this relation. Example: NEGATIVE_CORRELATION
//   since: since = "" -- only papers of then or later. Example: 1986
//   as_of: until = "" -- only papers of then or earlier. Example: 2000-06
// Columns:
//   year -- of the papers
//   relation -- the relation
//   papers -- how many papers speak of it
//   support -- how many sentences support it
//   deny -- how many sentences deny it
MATCH (:Entity {id: $subject})-[c]-(:Entity {id: $object})
WHERE c.claim_id IS NOT NULL AND ($relation = '' OR type(c) = $relation)
WITH DISTINCT c
MATCH (e:Evidence {claim_id: c.claim_id})-[:REPORTED_IN]->(p:Paper)
WHERE p.date IS NOT NULL AND ($since = '' OR substring(p.date + '-01-01', 0, 10) >= $since)
  AND ($as_of = '' OR substring(p.date + '-99-99', 0, 10) <= $as_of)
RETURN toInteger(substring(p.date, 0, 4)) AS year, type(c) AS relation,
  count(DISTINCT p.id) AS papers,
  sum(CASE WHEN e.polarity = 'supports' THEN 1 ELSE 0 END) AS support,
  sum(CASE WHEN e.polarity = 'denies' THEN 1 ELSE 0 END) AS deny
ORDER BY year, relation
