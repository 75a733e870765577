// Package rundir is the run directory: the only link between running and
// judging.
//
// It holds the types of what a run plans, intends, observes and checks, of the
// verdict that is judged from it, and their writing and reading. It opens no
// connection and knows no DICOM: tags are numbers here and data sets never
// reach it.
//
//	plan.json                   what every cell must yield, immutable   Plan
//	execution.json              which machine executed which part       Execution
//	obs/<machine>/<cell>.jsonl  what happened, appended as it happens   Record
//	obs/<machine>/inbox.jsonl   what arrived at the harness             Record
//	objects/<machine>.jsonl     every identity sent, and to whom        Object
//	verdict.json                what judge made of it                   Verdict
//
// Every file of obs has one writer and sequence numbers; a torn last line is
// tolerated on reading, any other damage is an error that names file and line.
//
// A value that a system under test answered may be written only after a Fence
// passed it: prime rule 4, what a real system answers about real patients is
// never kept.
package rundir
