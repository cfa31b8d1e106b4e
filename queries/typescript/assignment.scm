; assignment — a value given to a variable after its declaration.
;
; Matches
;   db = drizzle(client);
;   all[name] = users;
;
; Ignores
;   total += 1;
;   const db = 1;
;
; Captures
;   @assignment.name   the variable, or the member, on the left
;   @assignment.value  the expression on the right

(assignment_expression left: [(identifier) (member_expression) (subscript_expression)] @assignment.name right: (_) @assignment.value)
