; declarator — a variable made by `const`, `let` or `var`.
;
; Matches
;   const users = table;
;   let db;
;   const { a, b: c } = schema;
;
; Ignores
;   function users() {}
;
; Captures
;   @declarator.whole  name, type and value
;   @declarator.name   an identifier or a pattern
;   @declarator.value  the initialiser; absent for a bare declaration
;   @declarator.type   the annotation; absent when there is none

(variable_declarator name: (_) @declarator.name type: (type_annotation)? @declarator.type value: (_)? @declarator.value) @declarator.whole
