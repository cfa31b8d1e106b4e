; array-element — a value listed in an array literal.
;
; Matches
;   const all = [users, posts];
;
; Ignores
;   const [a, b] = pair;
;
; Captures
;   @element.value  the item; spreads have a query of their own

(array (_) @element.value)
