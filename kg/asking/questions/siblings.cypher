// Things that are a kind of the same thing as another one is.
//
// Parameters:
//   entity: entity -- the thing. Example: migraine
//   limit: integer = 50 -- how many rows at most
// Columns:
//   entity -- id of the sibling
//   name -- its name
//   parent -- name of what both are a kind of
//   n_papers -- how many papers mention the sibling
MATCH (e:Entity {id: $entity})-[:IS_A]->(p:Entity)<-[:IS_A]-(s:Entity) WHERE s.id <> $entity
RETURN s.id AS entity, s.name AS name, min(p.name) AS parent, s.n_papers AS n_papers
ORDER BY n_papers DESC, entity
LIMIT $limit
