// What a paper claims, with its sentences.
//
// Parameters:
//   paper: paper -- the paper. Example: pmid:1
//   limit: integer = 50 -- how many rows at most
// Columns:
//   subject -- name of the subject
//   relation -- the relation
//   object -- name of the object
//   polarity -- supports or denies
//   certainty -- stated or hedged
//   said -- the sentence
//   belief -- how believable the claim is, with all that others say
MATCH (:Paper {id: $paper})<-[:REPORTED_IN]-(e:Evidence)
MATCH (s:Entity {id: e.subject})-[c]->(o:Entity {id: e.object}) WHERE c.claim_id = e.claim_id
RETURN s.name AS subject, type(c) AS relation, o.name AS object, e.polarity AS polarity,
  e.certainty AS certainty, e.quote AS said, c.belief AS belief
ORDER BY e.start, e.end, subject, relation, object, e.pack, polarity, e.id
LIMIT $limit
