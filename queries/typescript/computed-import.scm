; computed-import — a module loaded by a path that is put together while the program runs.
;
; Matches
;   const m = await import(`./tables/${name}.ts`);
;   const m = require("./tables/" + name);
;   const m = await import(join(folder, name));
;
; Ignores
;   const m = await import("./schema");
;   load(path);
;
; Captures
;   @computed.path  what the path is made of

(call_expression
  function: [(import) (identifier) @_require]
  arguments: (arguments . [(template_string) (binary_expression) (identifier) (member_expression) (call_expression) (ternary_expression)] @computed.path)
  (#match? @_require "^require$"))
