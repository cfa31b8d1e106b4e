; reference — an identifier used as a value, definitions among them.
;
; Matches
;   db.insert(users);
;   const map = { users };
;
; Ignores
;   type A = { users: string };
;   type T = Users;
;
; Captures
;   @reference.name       the identifier
;   @reference.shorthand  key and value in one, in an object literal

(identifier) @reference.name
(shorthand_property_identifier) @reference.shorthand
