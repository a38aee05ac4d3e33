// All that the graph knows of a thing itself: names, ids, sources, how much is said of it.
//
// Parameters:
//   entity: entity -- the thing. Example: fish oil
// Columns:
//   entity -- its id
//   name -- its name
//   type -- its type
//   synonyms -- other names of it
//   related -- names of something broader or narrower
//   definition -- what a source says it is
//   xrefs -- ids that sources give it elsewhere
//   absorbed -- ids of what was merged into it
//   sources -- the curated sources that have it, with their versions
//   retired -- whether every source has taken it out
//   n_papers -- how many papers mention it
//   claims -- how many claims it is an end of
//   parents -- names of what it is a kind of
MATCH (e:Entity {id: $entity})
OPTIONAL MATCH (e)-[c]-(:Entity) WHERE c.claim_id IS NOT NULL
WITH e, count(DISTINCT c.claim_id) AS claims
OPTIONAL MATCH (e)-[:IS_A]->(p:Entity)
WITH e, claims, p.name AS parent ORDER BY parent
WITH e, claims, collect(DISTINCT parent) AS parents
RETURN e.id AS entity, e.name AS name, [l IN labels(e) WHERE l <> 'Entity'][0] AS type,
  coalesce(e.synonyms, []) AS synonyms, coalesce(e.related_names, []) AS related,
  e.definition AS definition, coalesce(e.xrefs, []) AS xrefs,
  coalesce(e.absorbed, []) AS absorbed, coalesce(e.sources, []) AS sources,
  coalesce(e.retired, false) AS retired, e.n_papers AS n_papers, claims, parents
