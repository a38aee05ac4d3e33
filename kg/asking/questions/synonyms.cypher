// The names of a thing: its own, those of sources, and the words of papers.
//
// Parameters:
//   entity: entity -- the thing. Example: fish oil
// Columns:
//   name -- a name
//   kind -- name, synonym or related (broader or narrower)
//   papers -- how many papers use this very form
MATCH (e:Entity {id: $entity})
UNWIND [[e.name, 'name']] + [s IN coalesce(e.synonyms, []) | [s, 'synonym']]
  + [r IN coalesce(e.related_names, []) | [r, 'related']] AS x
WITH e, x[0] AS name, x[1] AS kind
RETURN name, kind, reduce(n = 0, i IN range(0, size(coalesce(e.forms, [])) - 1) |
  n + CASE WHEN e.forms[i] = name THEN e.form_papers[i] ELSE 0 END) AS papers
ORDER BY kind, papers DESC, name
