; export-declaration — a declaration that is exported where it stands.
;
; Matches
;   export const users = 1;
;   export function find() {}
;   export default class Page {}
;
; Ignores
;   export { users };
;
; Captures
;   @exported.statement    the whole statement
;   @exported.declaration  the declaration within

(export_statement declaration: (_) @exported.declaration) @exported.statement
