; export-list — a name of this file, or of another module, in an export list.
;
; Matches
;   export { users };
;   export { users as people } from "./schema";
;   export { type User } from "./schema";
;
; Ignores
;   export * from "./schema";
;
; Captures
;   @listed.statement  the whole statement
;   @listed.specifier  one name of the list
;   @listed.name       the name it has there
;   @listed.alias      the name it is given; absent when it keeps its own
;   @listed.source     the specifier, with quotes; absent for this file's own names

(export_statement (export_clause (export_specifier name: (_) @listed.name alias: (_)? @listed.alias) @listed.specifier) source: (string)? @listed.source) @listed.statement
