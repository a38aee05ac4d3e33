// The papers of one year, with how much was read in them.
//
// Parameters:
//   year: integer -- the year. Example: 1988
//   limit: integer = 50 -- how many rows at most
// Columns:
//   paper -- id of the paper
//   title -- its title
//   date -- its date
//   entities -- how many things it mentions
//   claims -- how many claims it speaks of
//   retracted -- whether it is retracted
MATCH (p:Paper) WHERE substring(p.date, 0, 4) = toString($year)
OPTIONAL MATCH (p)-[:MENTIONS]->(n:Entity)
WITH p, count(DISTINCT n.id) AS entities
OPTIONAL MATCH (p)<-[:REPORTED_IN]-(e:Evidence)
WITH p, entities, count(DISTINCT e.claim_id) AS claims
RETURN p.id AS paper, p.title AS title, p.date AS date, entities, claims,
  coalesce(p.retracted, false) AS retracted
ORDER BY date, paper
LIMIT $limit
