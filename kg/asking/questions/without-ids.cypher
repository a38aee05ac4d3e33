// Things that papers name and no ontology identifies, those of most papers first.
//
// Parameters:
//   type: type = "" -- only things of this type. Example: Chemical
//   limit: integer = 50 -- how many rows at most
// Columns:
//   entity -- the id that was made from its name
//   name -- its name
//   type -- its type
//   n_papers -- how many papers mention it
MATCH (e:Entity)
WHERE e.id STARTS WITH 'abduce:' AND e.n_papers > 0 AND ($type = '' OR $type IN labels(e))
RETURN e.id AS entity, e.name AS name, [l IN labels(e) WHERE l <> 'Entity'][0] AS type,
  e.n_papers AS n_papers
ORDER BY n_papers DESC, entity
LIMIT $limit
