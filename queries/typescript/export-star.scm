; export-star — every export of another module, passed on.
;
; Matches
;   export * from "./schema";
;   export * as schema from "./schema";
;
; Ignores
;   export { users } from "./schema";
;
; Captures
;   @star.statement  the whole statement
;   @star.namespace  the name that gathers them; absent when they are passed on one by one
;   @star.source     the specifier, with quotes

(export_statement "*" source: (string) @star.source) @star.statement
(export_statement (namespace_export (_) @star.namespace) source: (string) @star.source) @star.statement
