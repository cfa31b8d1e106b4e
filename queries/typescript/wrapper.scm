; wrapper — an expression around another that changes its type, or waits, and not the value.
;
; Matches
;   (users);
;   users as Table;
;   users!;
;   users satisfies Table;
;   await users;
;
; Ignores
;   [users];
;
; Captures
;   @wrapper.whole  the outer expression

[
  (parenthesized_expression)
  (as_expression)
  (satisfies_expression)
  (non_null_expression)
  (await_expression)
] @wrapper.whole
