// The things with the most claims: what everything else is linked to.
//
// Parameters:
//   type: type = "" -- only things of this type. Example: Chemical
//   limit: integer = 20 -- how many rows at most
// Columns:
//   entity -- id of the thing
//   name -- its name
//   type -- its type
//   claims -- how many claims it is an end of
//   neighbours -- how many different things are at their other ends
MATCH (e:Entity)-[c]-(n:Entity)
WHERE c.claim_id IS NOT NULL AND ($type = '' OR $type IN labels(e))
WITH e, count(DISTINCT c.claim_id) AS claims, count(DISTINCT n.id) AS neighbours
RETURN e.id AS entity, e.name AS name, [l IN labels(e) WHERE l <> 'Entity'][0] AS type, claims,
  neighbours
ORDER BY claims DESC, neighbours DESC, entity
LIMIT $limit
