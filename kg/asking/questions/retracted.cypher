// Retracted papers, and the claims that rest on them.
//
// Parameters:
//   limit: integer = 50 -- how many rows at most
// Columns:
//   paper -- id of the retracted paper
//   subject -- name of the claim's subject; none where the paper claims nothing
//   relation -- the relation
//   object -- name of the object
//   others -- how many other papers and curated sources speak of it
//   belief -- how believable the claim is without the retracted ones
MATCH (p:Paper) WHERE p.retracted = true
OPTIONAL MATCH (p)<-[:REPORTED_IN]-(e:Evidence)
WITH DISTINCT p, e.claim_id AS claim, e.subject AS s, e.object AS o
OPTIONAL MATCH (a:Entity {id: s})-[c]->(b:Entity {id: o}) WHERE c.claim_id = claim
WITH p, a, b, c, claim
OPTIONAL MATCH (f:Evidence {claim_id: claim})-[:REPORTED_IN]->(q:Paper) WHERE q.id <> p.id
  AND coalesce(q.retracted, false) = false
WITH p, a, b, c, count(DISTINCT q.id) AS papers
RETURN p.id AS paper, a.name AS subject, type(c) AS relation, b.name AS object,
  papers + size(coalesce(c.curated_sources, [])) AS others, c.belief AS belief
ORDER BY paper, subject, relation, object
LIMIT $limit
