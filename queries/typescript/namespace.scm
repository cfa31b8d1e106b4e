; namespace — a TypeScript namespace, an object at run time.
;
; Matches
;   namespace lab { export const users = 1; }
;   export namespace lab {}
;
; Ignores
;   declare module "x" {}
;
; Captures
;   @namespace.name   its name
;   @namespace.body   its block
;   @namespace.whole  the whole declaration

(internal_module name: (identifier) @namespace.name body: (statement_block) @namespace.body) @namespace.whole
