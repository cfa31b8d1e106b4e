; catch-name — the error's name in a catch clause.
;
; Matches
;   try { f() } catch (users) {}
;
; Ignores
;   try { f() } catch {}
;
; Captures
;   @catch.name   an identifier or a pattern
;   @catch.whole  the clause, which is the name's scope

(catch_clause parameter: (_) @catch.name) @catch.whole
