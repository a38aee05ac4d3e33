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
CALL {
  MATCH (:Entity {id: $one})-[c]-(n:Entity) WHERE c.claim_id IS NOT NULL
    AND ($type = '' OR $type IN labels(n))
  RETURN n.id AS id, 'one' AS of, c.belief AS belief, type(c) AS relation
  UNION ALL
  MATCH (:Entity {id: $other})-[c]-(n:Entity) WHERE c.claim_id IS NOT NULL
    AND ($type = '' OR $type IN labels(n))
  RETURN n.id AS id, 'other' AS of, c.belief AS belief, type(c) AS relation
}
WITH id, max(CASE WHEN of = 'one' THEN belief END) AS first,
  max(CASE WHEN of = 'other' THEN belief END) AS second,
  collect(DISTINCT CASE WHEN of = 'one' THEN relation END) AS cs,
  collect(DISTINCT CASE WHEN of = 'other' THEN relation END) AS ds
WHERE first IS NOT NULL AND second IS NOT NULL AND NOT id IN [$one, $other]
WITH id, first * second AS belief, cs, ds ORDER BY belief DESC, id LIMIT $limit
MATCH (n:Entity {id: id})
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
