; property-name — a name that may be a property's: after a dot, as a key, in a pattern. Read only when columns are asked for.
;
; Matches
;   row.createdAt;
;   const { createdAt } = row;
;   const row = { createdAt: now };
;
; Ignores
;   const createdAt = now;
;
; Captures
;   @property.name  the name

[
  (property_identifier)
  (shorthand_property_identifier)
  (shorthand_property_identifier_pattern)
] @property.name
