; import-alias — a name for a member of a namespace.
;
; Matches
;   import Users = schema.users;
;
; Ignores
;   import schema = require("./schema");
;   import { users } from "./schema";
;
; Captures
;   @alias.name   the name bound here
;   @alias.value  what it stands for
;   @alias.whole  the whole statement

(import_alias . (identifier) @alias.name (_) @alias.value) @alias.whole
