; object-pair — a value under a key of an object literal.
;
; Matches
;   const map = { user: users };
;
; Ignores
;   const map = { users };
;
; Captures
;   @pair.key    the key, as written
;   @pair.value  the value

(pair key: (_) @pair.key value: (_) @pair.value)
