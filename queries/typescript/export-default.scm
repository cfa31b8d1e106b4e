; export-default — a value that is exported as the default.
;
; Matches
;   export default users;
;   export default { a: 1 };
;
; Ignores
;   export default function f() {}
;
; Captures
;   @default.statement  the whole statement
;   @default.value      the value

(export_statement value: (_) @default.value) @default.statement
