; dynamic-import — a module loaded while the program runs.
;
; Matches
;   const m = await import("./schema");
;   const m = require("./schema");
;
; Ignores
;   import x from "./schema";
;   load(path);
;
; Captures
;   @dynamic.source  the specifier, with its quotes

(call_expression function: (import) arguments: (arguments . (string) @dynamic.source))
(call_expression function: (identifier) @_require arguments: (arguments . (string) @dynamic.source) (#eq? @_require "require"))
