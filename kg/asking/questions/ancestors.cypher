// What a thing is a kind of, by the ontologies in the graph, the nearest first.
//
// Parameters:
//   entity: entity -- the thing. Example: migraine
//   limit: integer = 50 -- how many rows at most
// Columns:
//   steps -- how many steps up, by the shortest way
//   entity -- id of the more general thing
//   name -- its name
MATCH p = (:Entity {id: $entity})-[:IS_A*1..]->(a:Entity) WHERE a.id <> $entity
RETURN min(length(p)) AS steps, a.id AS entity, a.name AS name
ORDER BY steps, entity
LIMIT $limit
