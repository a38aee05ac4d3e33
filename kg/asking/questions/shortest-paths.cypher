// The shortest ways from one thing to another through claims, of at most four steps.
//
// Parameters:
//   start: entity -- where the ways begin. Example: fish oil
//   end: entity -- where they end. Example: magnesium
//   limit: integer = 10 -- how many rows at most
// Columns:
//   steps -- how many claims the way has
//   names -- the things on the way
//   relations -- the relations of its claims, in the same order
//   belief -- the product of their beliefs
MATCH (a:Entity {id: $start}), (b:Entity {id: $end}) WHERE $start <> $end
WITH a, b
MATCH p = allShortestPaths((a)-[:CLAIMS*..4]-(b))
RETURN length(p) AS steps, [n IN nodes(p) | n.name] AS names,
  [r IN relationships(p) | type(r)] AS relations,
  round(reduce(x = 1.0, r IN relationships(p) | x * r.belief) * 1000000.0) / 1000000.0 AS belief
ORDER BY belief DESC, names, relations
LIMIT $limit
