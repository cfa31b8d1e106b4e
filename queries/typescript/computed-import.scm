; computed-import — a module loaded by a path that is put together while the program runs.
;
; Matches
;   const m = await import(`./tables/${name}.ts`);
;
; Ignores
;   const m = await import("./schema");
;
; Captures
;   @computed.path  the template, with its backticks

(call_expression function: (import) arguments: (arguments . (template_string) @computed.path))
