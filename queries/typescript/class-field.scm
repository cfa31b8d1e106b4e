; class-field — a field of a class and its first value.
;
; Matches
;   class Repo { table = users; }
;
; Ignores
;   class Repo { find() {} }
;
; Captures
;   @field.name   the field
;   @field.value  its initialiser

(public_field_definition name: (_) @field.name value: (_) @field.value)
