// What two things have in common: those that both are claimed to have to do with.
//
// Parameters:
//   one: entity -- the first. Example: fish oil
//   other: entity -- the second. Example: magnesium
//   type: type = "" -- only neighbours of this type. Example: Disease
//   limit: integer = 50 -- how many rows at most
// Columns:
//   neighbour -- id of what they share
//   name -- its name
//   type -- its type
//   from_one -- the relations to the first
//   from_other -- the relations to the second
//   belief -- the best belief of a claim to the first times that of one to the second
MATCH (:Entity {id: $one})-[c]-(n:Entity)-[d]-(:Entity {id: $other})
WHERE c.claim_id IS NOT NULL AND d.claim_id IS NOT NULL AND NOT n.id IN [$one, $other]
  AND ($type = '' OR $type IN labels(n))
WITH n, max(c.belief * d.belief) AS belief, collect(DISTINCT type(c)) AS cs,
  collect(DISTINCT type(d)) AS ds
UNWIND cs AS x
WITH n, belief, ds, x ORDER BY x
WITH n, belief, ds, collect(x) AS from_one
UNWIND ds AS y
WITH n, belief, from_one, y ORDER BY y
WITH n, belief, from_one, collect(y) AS from_other
RETURN n.id AS neighbour, n.name AS name, [l IN labels(n) WHERE l <> 'Entity'][0] AS type,
  from_one, from_other, round(belief * 1000000.0) / 1000000.0 AS belief
ORDER BY belief DESC, neighbour
LIMIT $limit
