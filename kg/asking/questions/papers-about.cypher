// Papers that mention a thing, those that mention it most first.
//
// Parameters:
//   entity: entity -- the thing. Example: fish oil
//   since: since = "" -- only papers of then or later. Example: 1986
//   as_of: until = "" -- only papers of then or earlier. Example: 2000-06
//   limit: integer = 50 -- how many rows at most
// Columns:
//   paper -- id of the paper
//   title -- its title
//   date -- its date
//   mentions -- how often it mentions the thing
//   as -- the words that it uses
//   retracted -- whether it is retracted
MATCH (p:Paper)-[m:MENTIONS]->(:Entity {id: $entity})
WHERE ($since = '' OR substring(p.date + '-01-01', 0, 10) >= $since)
  AND ($as_of = '' OR substring(p.date + '-99-99', 0, 10) <= $as_of)
WITH p, sum(m.n) AS mentions, collect(m.names) AS lists
UNWIND lists AS names UNWIND names AS name
WITH DISTINCT p, mentions, name ORDER BY name
WITH p, mentions, collect(name) AS as
RETURN p.id AS paper, p.title AS title, p.date AS date, mentions, as,
  coalesce(p.retracted, false) AS retracted
ORDER BY mentions DESC, coalesce(date, '') DESC, paper
LIMIT $limit
