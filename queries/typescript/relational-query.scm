; relational-query — a read through `db.query`, by key.
;
; Matches
;   db.query.users.findMany();
;   ctx.db.query[model].findFirst({});
;   query.users.findMany();
;
; Ignores
;   request.query;
;
; Captures
;   @relational.receiver  what has the `query` property, or `query` itself
;   @relational.key       the key, by name
;   @relational.index     the key, computed
;   @relational.whole     receiver, `query` and key

((member_expression object: (member_expression object: (_) @relational.receiver property: (property_identifier) @_query) property: (property_identifier) @relational.key) @relational.whole (#any-of? @_query "query" "_query"))
((subscript_expression object: (member_expression object: (_) @relational.receiver property: (property_identifier) @_query) index: (_) @relational.index) @relational.whole (#any-of? @_query "query" "_query"))
((member_expression object: (identifier) @relational.receiver property: (property_identifier) @relational.key) @relational.whole (#eq? @relational.receiver "query"))
