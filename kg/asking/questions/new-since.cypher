// Claims that nobody had spoken of before a date: their first dated paper is of then or later,
// and no curated source holds them.
//
// Parameters:
//   since: since -- the date. Example: 1999
//   type: type = "" -- only claims with an end of this type. Example: Disease
//   limit: integer = 50 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   first -- date of the first paper
//   papers -- how many papers speak of it by now
//   belief -- today's belief
MATCH (p:Paper)<-[:REPORTED_IN]-(e:Evidence)
WHERE substring(p.date + '-01-01', 0, 10) >= $since
WITH e.claim_id AS claim, e.subject AS s, e.object AS o, min(p.date) AS first
WHERE NOT EXISTS {
  MATCH (f:Evidence {claim_id: claim})-[:REPORTED_IN]->(q:Paper)
  WHERE substring(q.date + '-01-01', 0, 10) < $since
}
MATCH (a:Entity {id: s})-[c]->(b:Entity {id: o})
WHERE c.claim_id = claim AND c.curated = false
  AND ($type = '' OR $type IN labels(a) OR $type IN labels(b))
RETURN a.name AS subject, type(c) AS relation, b.name AS object, first, c.n_papers AS papers,
  c.belief AS belief
ORDER BY first DESC, papers DESC, subject, relation, object, claim
LIMIT $limit
