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
//   n_papers -- how many papers mention it
MATCH (e:Entity)-[c]-(:Entity)
WHERE c.claim_id IS NOT NULL AND ($type = '' OR $type IN labels(e))
WITH e, count(c) AS claims ORDER BY claims DESC, e.id LIMIT $limit
RETURN e.id AS entity, e.name AS name, [l IN labels(e) WHERE l <> 'Entity'][0] AS type, claims,
  e.n_papers AS n_papers
ORDER BY claims DESC, entity
