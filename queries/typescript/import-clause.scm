; import-clause — names bound by an import statement.
;
; Matches
;   import users from "./schema";
;   import { users as people } from "./schema";
;   import * as schema from "./schema";
;   import type { User } from "./schema";
;
; Ignores
;   import "./setup";
;
; Captures
;   @import.statement  the whole statement
;   @import.clause     what it binds
;   @import.source     the specifier, with quotes

(import_statement (import_clause) @import.clause source: (string) @import.source) @import.statement
