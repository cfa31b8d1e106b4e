; concatenation — text put together with `+`.
;
; Matches
;   db.execute("select * " + "from users");
;
; Ignores
;   db.execute(`select * from ${users}`);
;   a - b;
;
; Captures
;   @sum.whole  both sides

(binary_expression operator: "+") @sum.whole
