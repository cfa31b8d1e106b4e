; spread — everything of a value, laid out in an object, an array or a call.
;
; Matches
;   const all = { ...schema };
;   f(...tables);
;
; Ignores
;   const { ...rest } = schema;
;
; Captures
;   @spread.value  what is laid out

(spread_element (_) @spread.value)
