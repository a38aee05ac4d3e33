// The most believable ways from one thing to another, of one claim or two, or three if asked.
//
// Parameters:
//   start: entity -- where the ways begin. Example: fish oil
//   end: entity -- where they end. Example: magnesium
//   longest: integer = 2 -- of how many claims, up to 3, which may take long between hubs
//   least_belief: number = 0.2 -- each claim has at least this belief
//   limit: integer = 10 -- how many rows at most
// Columns:
//   belief -- the product of the beliefs of its claims
//   steps -- how many claims the way has
//   names -- the things on the way
//   relations -- the relations of its claims, in the same order
CALL {
  MATCH (a:Entity {id: $start})-[c]-(b:Entity {id: $end}) WHERE c.belief >= $least_belief
  RETURN c.belief AS belief, 1 AS steps, [a.name, b.name] AS names, [type(c)] AS relations
  UNION
  MATCH (a:Entity {id: $start})-[c]-(x:Entity)-[d]-(b:Entity {id: $end})
  WHERE $longest >= 2 AND c.belief >= $least_belief AND d.belief >= $least_belief
    AND NOT x.id IN [$start, $end]
  RETURN c.belief * d.belief AS belief, 2 AS steps, [a.name, x.name, b.name] AS names,
    [type(c), type(d)] AS relations
  UNION
  WITH $longest AS longest WHERE longest >= 3
  MATCH (a:Entity {id: $start})-[c]-(x:Entity)-[d]-(y:Entity)-[e]-(b:Entity {id: $end})
  WHERE c.belief >= $least_belief AND d.belief >= $least_belief AND e.belief >= $least_belief
    AND NOT x.id IN [$start, $end] AND NOT y.id IN [$start, $end] AND x.id <> y.id
  RETURN c.belief * d.belief * e.belief AS belief, 3 AS steps,
    [a.name, x.name, y.name, b.name] AS names, [type(c), type(d), type(e)] AS relations
}
RETURN round(belief * 1000000.0) / 1000000.0 AS belief, steps, names, relations
ORDER BY belief DESC, steps, names, relations
LIMIT $limit
