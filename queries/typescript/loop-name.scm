; loop-name — a name bound by `for … of` and `for … in`.
;
; Matches
;   for (const table of tables) {}
;
; Ignores
;   for (let i = 0; i < 3; i++) {}
;
; Captures
;   @loop.name   an identifier or a pattern
;   @loop.value  what is looped over
;   @loop.whole  the loop, which is the name's scope

(for_in_statement left: (_) @loop.name right: (_) @loop.value) @loop.whole
