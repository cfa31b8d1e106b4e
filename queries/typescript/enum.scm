; enum — a TypeScript enum.
;
; Matches
;   enum Role { Admin = "admin" }
;
; Ignores
;   type Role = string;
;
; Captures
;   @enum.name   the name
;   @enum.whole  the declaration

(enum_declaration name: (_) @enum.name) @enum.whole
