// The kinds of a thing, by the ontologies in the graph, the nearest first.
//
// Parameters:
//   entity: entity -- the thing. Example: disease of mental health
//   limit: integer = 100 -- how many rows at most
// Columns:
//   steps -- how many steps down, by the shortest way
//   entity -- id of the more special thing
//   name -- its name
//   n_papers -- how many papers mention it
MATCH p = (d:Entity)-[:IS_A*1..]->(:Entity {id: $entity}) WHERE d.id <> $entity
RETURN min(length(p)) AS steps, d.id AS entity, d.name AS name, d.n_papers AS n_papers
ORDER BY steps, entity
LIMIT $limit
