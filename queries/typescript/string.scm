; string — text in quotes.
;
; Matches
;   db.execute('select 1');
;   const a = `select ${b}`;
;
; Ignores
;   db.execute(query);
;
; Captures
;   @string.text  the literal, with its quotes

[(string) (template_string)] @string.text
