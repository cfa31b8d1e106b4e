; member — a property read by its name.
;
; Matches
;   schema.users;
;   schema?.users;
;   schema["users"];
;   schema[key];
;
; Ignores
;   users;
;
; Captures
;   @member.object    what it is read from
;   @member.property  the property, an identifier
;   @member.index     the expression in brackets
;   @member.whole     the whole access

(member_expression object: (_) @member.object property: (_) @member.property) @member.whole
(subscript_expression object: (_) @member.object index: (_) @member.index) @member.whole
