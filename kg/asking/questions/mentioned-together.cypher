// Things that papers mention together with a thing, and of which no claim ties the two.
//
// Parameters:
//   entity: entity -- the thing. Example: fish oil
//   type: type = "" -- only things of this type. Example: Disease
//   since: since = "" -- only papers of then or later. Example: 1986
//   as_of: until = "" -- only papers of then or earlier. Example: 2000-06
//   limit: integer = 50 -- how many rows at most
// Columns:
//   entity -- id of the other thing
//   name -- its name
//   type -- its type
//   papers -- how many papers mention both
MATCH (e:Entity {id: $entity})<-[:MENTIONS]-(p:Paper)-[:MENTIONS]->(o:Entity)
WHERE o.id <> $entity AND ($type = '' OR $type IN labels(o))
  AND ($since = '' OR substring(p.date + '-01-01', 0, 10) >= $since)
  AND ($as_of = '' OR substring(p.date + '-99-99', 0, 10) <= $as_of)
WITH e, o, count(DISTINCT p.id) AS papers
OPTIONAL MATCH (e)-[c]-(o) WHERE c.claim_id IS NOT NULL
WITH o, papers, count(c) AS claims WHERE claims = 0
RETURN o.id AS entity, o.name AS name, [l IN labels(o) WHERE l <> 'Entity'][0] AS type, papers
ORDER BY papers DESC, entity
LIMIT $limit
