; class — a class and its name.
;
; Matches
;   class UserService {}
;   const Local = class {};
;
; Ignores
;   interface Shape {}
;
; Captures
;   @class.whole  the class, body included
;   @class.name   its name; absent for a class expression without one

[
  (class_declaration name: (_) @class.name)
  (abstract_class_declaration name: (_) @class.name)
  (class name: (_)? @class.name)
] @class.whole
