; function — anything that can be called, with a scope of its own.
;
; Matches
;   function find() {}
;   const f = () => 1;
;   class A { find() {} }
;
; Ignores
;   const f = 1;
;
; Captures
;   @function.whole       the function, parameters and body
;   @function.name        its name; absent for arrows
;   @function.parameters  its parameter list, or the one name of a bare arrow
;   @function.body        a block or, for an arrow, an expression

[
  (function_declaration name: (_) @function.name parameters: (_) @function.parameters body: (_) @function.body)
  (generator_function_declaration name: (_) @function.name parameters: (_) @function.parameters body: (_) @function.body)
  (function_expression name: (_)? @function.name parameters: (_) @function.parameters body: (_) @function.body)
  (generator_function name: (_)? @function.name parameters: (_) @function.parameters body: (_) @function.body)
  (method_definition name: (_) @function.name parameters: (_) @function.parameters body: (_) @function.body)
  (arrow_function parameters: (_) @function.parameters body: (_) @function.body)
  (arrow_function parameter: (_) @function.parameters body: (_) @function.body)
] @function.whole
