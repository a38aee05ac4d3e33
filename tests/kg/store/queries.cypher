// One query a line, then its parameters as JSON. Each orders its rows, or gives one.

MATCH (e:Entity {id: $id}) RETURN e // {"id": "MESH:D008274"}
MATCH (e:Entity) RETURN e.id AS id, e.name AS name ORDER BY id
MATCH (c:Chemical) RETURN c.name AS name ORDER BY c.id DESC SKIP 1 LIMIT 2
MATCH (e:Chemical:Entity) RETURN count(e) AS n
MATCH (e:Chemical|Disease) RETURN e.id AS id ORDER BY id
MATCH (e:Entity) WHERE NOT e:Disease RETURN e.id AS id ORDER BY id
MATCH (e:Entity) RETURN [l IN labels(e) WHERE l <> 'Entity'][0] AS t, count(*) AS n ORDER BY t
MATCH (e:Entity) WHERE $name IN e.synonyms RETURN e.id AS id // {"name": "Mg"}
MATCH (e:Entity) WHERE any(s IN e.synonyms WHERE toLower(s) = 'mg') RETURN e.id AS id
MATCH (e:Entity) WHERE e.name CONTAINS 'aynaud' RETURN e.name AS name
MATCH (e:Entity) WHERE e.name STARTS WITH 'Mi' RETURN e.name AS name
MATCH (e:Entity) WHERE e.name =~ '(?i)fish.*' RETURN e.name AS name
MATCH (e:Entity) WHERE toLower(e.name) = toLower($name) RETURN e.id AS id // {"name": "MIGRAINE"}
MATCH (e:Entity) WHERE e.id IN $ids RETURN e.id AS id ORDER BY id // {"ids": ["MESH:D008274", "MESH:D011928", "none"]}
MATCH (e:Entity) RETURN size(e.synonyms) AS n, e.id AS id ORDER BY n DESC, id
MATCH (p:Paper) WHERE p.year IS NULL RETURN p.id AS id
MATCH (p:Paper) RETURN p.year AS y, count(*) AS n ORDER BY y
MATCH (p:Paper) RETURN min(p.year) AS a, max(p.year) AS b, avg(p.year) AS c, sum(p.year) AS d, count(p.year) AS n
MATCH (p:Paper) RETURN coalesce(p.year, -1) AS y ORDER BY y
MATCH (p:Paper {id: 'pmid:1'}) RETURN p.text AS text, size(p.text) AS n, substring(p.text, 0, 5) AS head
MATCH (a)-[r:TREATS]->(b) RETURN a.id AS a, r AS r, b.id AS b ORDER BY a
MATCH (a)-[r:TREATS {claim_id: $id}]->(b) RETURN a.name AS a, b.name AS b // {"id": "claim:2"}
MATCH (a)<-[r:TREATS]-(b) RETURN a.id AS a ORDER BY a
MATCH (a:Disease)-[r]-(b:Chemical) RETURN a.id AS a, b.id AS b, type(r) AS t ORDER BY a
MATCH (a)-[r:TREATS|MENTIONS]->(b) RETURN type(r) AS t, count(*) AS n ORDER BY t
MATCH (a)-[r]->(b) WHERE type(r) = 'TREATS' AND r.belief > 0.6 RETURN r.belief AS b
MATCH p = (a:Paper)-[:MENTIONS]->(:Chemical)-[:TREATS]->(d:Disease) RETURN length(p) AS n, [x IN nodes(p) | x.id] AS ids ORDER BY ids
MATCH p = (:Paper {id: 'pmid:1'})-[:MENTIONS]->(:Chemical)-[:TREATS]->(:Disease) RETURN p
MATCH (c:Chemical)-[:TREATS*1..2]-(d) RETURN c.id AS c, d.id AS d ORDER BY c, d
MATCH (a:Entity {id: 'MESH:D008274'})-[*1..3]-(b:Disease) RETURN DISTINCT b.id AS id ORDER BY id
MATCH p = shortestPath((a:Chemical {name: 'Magnesium'})-[*..4]-(b:Paper {id: 'pmid:4'})) RETURN length(p) AS n
MATCH (d:Disease) OPTIONAL MATCH (d)<-[:TREATS]-(c) RETURN d.id AS d, c.id AS c ORDER BY d
MATCH (p:Paper) OPTIONAL MATCH (p)-[:REPORTED_IN]->(x) RETURN p.id AS p, x AS x ORDER BY p
MATCH (p:Paper)-[m:MENTIONS]->(e) WITH p, collect(e.id) AS ids, sum(m.n) AS n UNWIND ids AS id RETURN p.id AS p, n, id ORDER BY p, id
MATCH (p:Paper)-[m:MENTIONS]->(e:Entity) WITH e, count(DISTINCT p) AS papers WHERE papers > 1 RETURN e.id AS id, papers ORDER BY id
MATCH (c:Chemical) WHERE NOT (c)-[:TREATS]->() RETURN c.id AS id
MATCH (c:Chemical) WHERE EXISTS { (c)-[:TREATS]->(:Disease) } RETURN c.id AS id ORDER BY id
MATCH (c:Chemical) RETURN c.id AS id, COUNT { (c)<-[:MENTIONS]-() } AS n ORDER BY id
MATCH (c:Chemical) CALL { WITH c MATCH (c)<-[:MENTIONS]-(p) RETURN count(p) AS n } RETURN c.id AS id, n ORDER BY id
CALL { MATCH (c:Chemical) RETURN c.id AS a UNION MATCH (d:Disease) RETURN d.id AS a } RETURN a ORDER BY a
MATCH (c:Chemical) RETURN c {.id, .name, kind: 'chemical'} AS c ORDER BY c.id
MATCH (c:Chemical) RETURN CASE WHEN c.name = 'Magnesium' THEN 1 ELSE 0 END AS x ORDER BY x
UNWIND $rows AS row MATCH (e:Entity {id: row.id}) RETURN row.k AS k, e.name AS name ORDER BY k // {"rows": [{"id": "MESH:D008274", "k": 2}, {"id": "MESH:D008881", "k": 1}]}
UNWIND range(1, 4) AS x RETURN x, x % 2 AS odd, x / 2 AS half, x * 1.0 / 3 AS third
RETURN 1 AS i, 1.5 AS f, 'ü😀' AS s, true AS t, null AS n, [1, 2] AS l, {a: {b: 1}} AS m
RETURN date('2020-01-02') AS d, datetime('2020-01-02T03:04:05Z') AS dt
RETURN reduce(a = 0, x IN [1, 2, 3] | a + x) AS s, head([1, 2]) AS h, last([1, 2]) AS l
RETURN split('a,b', ',') AS a, replace('abc', 'b', 'x') AS b, trim(' a ') AS c, toUpper('ü') AS d, toInteger('7') AS e, toFloat('1.5') AS f, toString(3) AS g
RETURN $text AS text, $list AS list, $number AS number, $yes AS yes, $nothing AS nothing // {"text": "'\"\\;//", "list": ["a", "b"], "number": 9007199254740992, "yes": true, "nothing": null}
MATCH (n:Nothing) RETURN n
MATCH ()-[r:NOTHING]->() RETURN r
MATCH (e:Entity) WHERE e.nothing = 1 RETURN e
MATCH (e:Entity) RETURN count(DISTINCT labels(e)[0] = 'x') AS n
MATCH (e:Entity) WITH e ORDER BY e.name LIMIT 3 RETURN collect(e.name) AS names
MATCH (a:Entity), (b:Entity) WHERE a.id < b.id RETURN count(*) AS n
MATCH (e:Entity) RETURN percentileCont(size(e.name), 0.5) AS median, stDev(size(e.name)) AS deviation
MATCH (s)-[r:TREATS]->(o) MATCH (e:Evidence {claim_id: r.claim_id}) RETURN e.id AS id ORDER BY id
MATCH (s)-[r:TREATS]->(o), (e:Evidence {claim_id: r.claim_id}) RETURN s.id AS s, e.id AS id ORDER BY id
MATCH (s)-[r:TREATS]->(o) OPTIONAL MATCH (e:Evidence {claim_id: r.claim_id}) RETURN o.id AS o, count(e) AS n ORDER BY o
MATCH (s)-[r]->(o:Disease) MATCH (e:Evidence {claim_id: r.claim_id}) WHERE e.quote STARTS WITH 'Mg' RETURN e.quote AS q
MATCH (s)-[r:TREATS]->(o) MATCH (e:Evidence {claim_id: r.claim_id}) RETURN count(*) AS n
CALL { MATCH (s)-[r:TREATS]->(o) MATCH (e:Evidence {claim_id: r.claim_id}) RETURN e.id AS id } RETURN id ORDER BY id
MATCH (s)-[r:TREATS]->(o) WHERE EXISTS { MATCH (e:Evidence {claim_id: r.claim_id}) } RETURN s.id AS s ORDER BY s
