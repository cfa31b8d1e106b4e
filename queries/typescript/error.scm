; error — text that the grammar could not read.
;
; Matches
;   const = ;
;
; Ignores
;   const a = 1;
;
; Captures
;   @error.whole  the unreadable stretch

(ERROR) @error.whole
