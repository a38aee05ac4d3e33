// Terms that their source has taken out, and that papers or other sources still use.
//
// Parameters:
//   limit: integer = 50 -- how many rows at most
// Columns:
//   entity -- id of the term
//   name -- its name
//   n_papers -- how many papers mention it
//   claims -- how many claims it is an end of
//   sources -- where it was, in the last version that had it
MATCH (e:Entity) WHERE any(term IN e.terms WHERE term CONTAINS '"retired":true')
OPTIONAL MATCH (e)-[c]-(:Entity) WHERE c.claim_id IS NOT NULL
WITH e, count(DISTINCT c.claim_id) AS claims WHERE claims > 0 OR e.n_papers > 0
RETURN e.id AS entity, e.name AS name, e.n_papers AS n_papers, claims,
  [term IN e.terms WHERE term CONTAINS '"retired":true' |
    split(split(term, '"source":"')[1], '"')[0]] AS sources
ORDER BY claims DESC, n_papers DESC, entity
LIMIT $limit
