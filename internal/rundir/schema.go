package rundir

import _ "embed"

// VerdictJSONSchema is the JSON Schema (2020-12) of verdict.json.
//
//go:embed verdict.schema.json
var VerdictJSONSchema string
