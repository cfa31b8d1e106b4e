; relational-query — a read by Drizzle's relational queries: `db.query.users.findMany(…)`.
;
; Matches
;   db.query.users.findMany();
;   (ctx.db.query as any)[model].findFirst({});
;   users.findMany();
;
; Ignores
;   db.query.users;
;   findMany();
;
; Captures
;   @relational.table   what is asked: `db.query.users`
;   @relational.method  `findMany` or `findFirst`
;   @relational.whole   both

((member_expression object: (_) @relational.table property: (property_identifier) @relational.method) @relational.whole (#any-of? @relational.method "findMany" "findFirst"))
