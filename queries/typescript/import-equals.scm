; import-equals — a module bound in CommonJS fashion.
;
; Matches
;   import schema = require("./schema");
;
; Ignores
;   import schema from "./schema";
;
; Captures
;   @equals_import.statement  the whole statement
;   @equals_import.name       the name bound here
;   @equals_import.source     the specifier, with quotes

(import_statement (import_require_clause (identifier) @equals_import.name source: (string) @equals_import.source)) @equals_import.statement
