; type-position — text that speaks of types and does nothing when the program runs.
;
; Matches
;   let a: typeof users;
;   type A = typeof users;
;   f<typeof users>();
;   interface A extends B {}
;
; Ignores
;   f(users);
;
; Captures
;   @type.whole  the stretch

[
  (type_annotation)
  (type_arguments)
  (type_alias_declaration)
  (interface_declaration)
  (type_query)
  (type_parameters)
  (implements_clause)
  (ambient_declaration)
] @type.whole
