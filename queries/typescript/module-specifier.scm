; module-specifier — a module named in an import or an export.
;
; Matches
;   import "./setup";
;   export * from "./schema";
;   import type { A } from "./a";
;
; Ignores
;   load("./setup");
;
; Captures
;   @specifier.statement  the whole statement
;   @specifier.source     the specifier, with its quotes

[
  (import_statement source: (string) @specifier.source)
  (export_statement source: (string) @specifier.source)
] @specifier.statement
