; scope — a stretch of text with names of its own.
;
; Matches
;   { const users = 1; }
;   for (let i = 0; ;) {}
;   switch (a) { case 1: }
;
; Ignores
;   const users = 1;
;
; Captures
;   @scope.whole  the stretch

[(statement_block) (for_statement) (switch_body) (class_static_block)] @scope.whole
