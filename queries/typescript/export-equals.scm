; export-equals — a value that is the whole module, in CommonJS fashion.
;
; Matches
;   export = schema;
;
; Ignores
;   export default schema;
;
; Captures
;   @equals.statement  the whole statement
;   @equals.value      the value

(export_statement "=" (_) @equals.value) @equals.statement
