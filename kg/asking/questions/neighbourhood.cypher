// What is claimed of a thing: its neighbours, the most believed first.
//
// Parameters:
//   entity: entity -- the thing. Example: fish oil
//   type: type = "" -- only neighbours of this type. Example: Disease
//   least_belief: number = 0 -- only claims with at least this belief
//   limit: integer = 50 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   neighbour -- id of the neighbour
//   belief -- how believable the claim is
//   n_papers -- how many papers speak of it
//   curated -- whether a curated source does
MATCH (e:Entity {id: $entity})-[c]-(n:Entity)
WHERE c.belief >= $least_belief AND ($type = '' OR $type IN labels(n))
WITH DISTINCT c, n, startNode(c) AS s, endNode(c) AS o
RETURN s.name AS subject, type(c) AS relation, o.name AS object, n.id AS neighbour,
  c.belief AS belief, c.n_papers AS n_papers, c.curated AS curated
ORDER BY belief DESC, n_papers DESC, relation, neighbour
LIMIT $limit
