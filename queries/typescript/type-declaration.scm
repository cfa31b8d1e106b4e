; type-declaration — a name for a type: an alias or an interface.
;
; Matches
;   type Schema = typeof schema;
;   interface Given { schema: Schema }
;
; Ignores
;   const schema = {};
;   class Schema {}
;
; Captures
;   @typed.name   the name
;   @typed.value  what it stands for
;   @typed.whole  the whole declaration

[
  (type_alias_declaration name: (_) @typed.name value: (_) @typed.value)
  (interface_declaration name: (_) @typed.name body: (_) @typed.value)
] @typed.whole
