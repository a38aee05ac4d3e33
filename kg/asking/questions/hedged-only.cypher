// Claims that nobody states outright: each sentence says "may", "suggests" or the like.
//
// Parameters:
//   entity: entity = "" -- only claims about this thing. Example: fish oil
//   limit: integer = 50 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   sentences -- how many sentences suppose it
//   said -- one of them
//   belief -- how believable the claim is
MATCH (e:Evidence)
WHERE e.certainty = 'hedged' AND ($entity = '' OR e.subject = $entity OR e.object = $entity)
WITH e.claim_id AS claim, e.subject AS s, e.object AS o, count(*) AS sentences,
  min(e.quote) AS said
WHERE NOT EXISTS { MATCH (f:Evidence {claim_id: claim}) WHERE f.certainty = 'stated' }
MATCH (a:Entity {id: s})-[c]->(b:Entity {id: o}) WHERE c.claim_id = claim AND c.curated = false
RETURN a.name AS subject, type(c) AS relation, b.name AS object, sentences, said,
  c.belief AS belief
ORDER BY sentences DESC, belief DESC, subject, relation, object, claim
LIMIT $limit
