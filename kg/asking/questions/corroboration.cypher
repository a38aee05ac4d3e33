// Corroboration: which other papers and sources speak of the same claims as one paper does.
//
// Parameters:
//   paper: paper -- the paper. Example: pmid:1
//   limit: integer = 50 -- how many rows at most
// Columns:
//   subject -- name of the claim's subject
//   relation -- its relation
//   object -- name of its object
//   here -- what this paper says: supports or denies
//   source -- the other paper, or the curated source with its version
//   there -- what that one says: supports or denies
CALL {
  MATCH (:Paper {id: $paper})<-[:REPORTED_IN]-(e:Evidence)
  MATCH (other:Evidence {claim_id: e.claim_id})-[:REPORTED_IN]->(p:Paper)
  WHERE p.id <> $paper
  RETURN DISTINCT e.subject AS s, e.predicate AS relation, e.object AS o, e.polarity AS here,
    p.id AS source, other.polarity AS there
  UNION
  MATCH (:Paper {id: $paper})<-[:REPORTED_IN]-(e:Evidence)-[:SUBJECT]->(s:Entity)-[c]->(:Entity)
  WHERE c.claim_id = e.claim_id AND c.curated = true
  UNWIND range(0, size(c.curated_sources) - 1) AS i
  RETURN DISTINCT e.subject AS s, e.predicate AS relation, e.object AS o, e.polarity AS here,
    c.curated_sources[i] AS source, c.curated_polarities[i] AS there
}
MATCH (subject:Entity {id: s}) MATCH (object:Entity {id: o})
RETURN subject.name AS subject, relation, object.name AS object, here, source, there
ORDER BY subject, relation, object, here, source, there
LIMIT $limit
