; returned — what a function gives back by a statement.
;
; Matches
;   function f() { return users; }
;
; Ignores
;   const f = () => users;
;
; Captures
;   @returned.value  the value

(return_statement (_) @returned.value)
