// What two papers have in common: things that both mention, and claims that both speak of.
//
// Parameters:
//   one: paper -- the first. Example: pmid:1
//   other: paper -- the second. Example: pmid:2
//   limit: integer = 50 -- how many rows at most
// Columns:
//   kind -- claim or entity
//   name -- the claim in words, or the name of the thing
//   in_one -- what the first says of the claim (supports, denies), or how often it has the name
//   in_other -- the same of the second
CALL {
  MATCH (:Paper {id: $one})<-[:REPORTED_IN]-(e:Evidence)
  MATCH (f:Evidence {claim_id: e.claim_id})-[:REPORTED_IN]->(:Paper {id: $other})
  MATCH (s:Entity {id: e.subject}) MATCH (o:Entity {id: e.object})
  RETURN 'claim' AS kind, s.name + ' ' + e.predicate + ' ' + o.name AS name,
    e.polarity AS in_one, f.polarity AS in_other
  UNION
  MATCH (:Paper {id: $one})-[m:MENTIONS]->(e:Entity)<-[n:MENTIONS]-(:Paper {id: $other})
  WITH e, sum(m.n) AS ms, count(n) AS pairs, count(DISTINCT m.entity) AS read_one,
    count(DISTINCT n.entity) AS read_other, sum(n.n) AS ns
  RETURN 'entity' AS kind, e.name AS name, toString(toInteger(ms / read_other)) AS in_one,
    toString(toInteger(ns / read_one)) AS in_other
}
RETURN kind, name, in_one, in_other
ORDER BY kind, name, in_one, in_other
LIMIT $limit
