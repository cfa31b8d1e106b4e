; import-glob — modules loaded by a pattern that a bundler fills in: `import.meta.glob("./tables/*.ts")`.
;
; Matches
;   const m = import.meta.glob("./tables/*.ts");
;   const m = import.meta.glob(["./tables/*.ts"], { eager: true });
;
; Ignores
;   const m = await import("./schema");
;   glob("./tables/*.ts");
;
; Captures
;   @glob.function  what is called
;   @glob.pattern   the pattern, with its quotes

((call_expression
   function: (member_expression object: (meta_property)) @glob.function
   arguments: (arguments [(string) @glob.pattern (array (string) @glob.pattern)]))
 (#match? @glob.function "^import.meta.glob"))
