; call — a function or constructor and what it is given.
;
; Matches
;   db.insert(users);
;   new Repository(users);
;
; Ignores
;   users.id;
;
; Captures
;   @call.function   what is called
;   @call.arguments  the parenthesised arguments
;   @call.whole      the whole call

[
  (call_expression function: (_) @call.function arguments: (arguments) @call.arguments)
  (new_expression constructor: (_) @call.function arguments: (arguments) @call.arguments)
] @call.whole
