// Which ids were taken to be one thing, by which rule, and why.
//
// Parameters:
//   entity: entity = "" -- only what was merged into this thing. Example: fish oil
//   limit: integer = 100 -- how many rows at most
// Columns:
//   absorbed -- the id that is no entity of its own any more
//   into -- the entity that it stands for
//   name -- the name of that entity
//   rule -- the rule that merged them, or a person's decision
//   why -- the reason
MATCH (m:Merge) WHERE $entity = '' OR m.into = $entity
OPTIONAL MATCH (e:Entity {id: m.into})
RETURN m.absorbed AS absorbed, m.into AS into, e.name AS name, m.rule AS rule, m.why AS why
ORDER BY into, absorbed
LIMIT $limit
