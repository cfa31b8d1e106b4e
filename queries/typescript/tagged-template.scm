; tagged-template — a template handed to a function.
;
; Matches
;   sql`select 1`;
;   sql.raw`x`;
;
; Ignores
;   sql('select 1');
;
; Captures
;   @tagged.tag       the function
;   @tagged.template  the template, with its backticks

(call_expression function: (_) @tagged.tag arguments: (template_string) @tagged.template)
