; keep-comment — a comment that tells tabletrace to keep a table.
;
; Matches
;   // tabletrace: keep — read by the billing job
;
; Ignores
;   // keep this table
;
; Captures
;   @keep.comment  the comment

((comment) @keep.comment (#match? @keep.comment "tabletrace: *keep"))
